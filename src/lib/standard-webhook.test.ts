import { describe, expect, it } from 'vitest'
import { makeSigningSecret, toSignedHeaders } from './standard-webhook.ts'

describe('a signed message', () => {
  // The example of the specification's own libraries.
  const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: new Date(1_614_265_330_000), body: '{"test": 2432232314}' }
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

  it('has the headers and the signature of Standard Webhooks', () => {
    expect(toSignedHeaders(example, [secret])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is signed with both secrets while one replaces the other', () => {
    const both = toSignedHeaders(example, [makeSigningSecret(), secret])['webhook-signature'].split(' ')
    expect(both).toHaveLength(2)
    expect(both[1]).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    expect(both[0]).not.toBe(both[1])
  })
})

it('a secret has 32 bytes and is another each time', () => {
  expect(makeSigningSecret(() => new Uint8Array(32))).toBe(`whsec_${'A'.repeat(43)}=`)
  expect(makeSigningSecret()).not.toBe(makeSigningSecret())
})
