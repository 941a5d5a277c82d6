import { createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyWebhookSignature } from './webhook-signature.ts'

const real = fileURLToPath(new URL('../../../shared/real/bitbucket/', import.meta.url))
const hasReal = existsSync(real) || process.env['CI'] !== undefined

const sign = (body: Uint8Array, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

describe('the signature of a webhook', () => {
  it.runIf(hasReal)('is valid for a delivery Bitbucket itself signed', () => {
    const rawBody = readFileSync(`${real}webhooks/jenkins-signed_payload.json`)
    const signature = 'sha256=f205c729821c6954aff2afe72b965c34015b4baf96ea8ddc2cc44999c014a035'
    expect(verifyWebhookSignature({ rawBody, signature, secrets: ['Gkvl$k$wyNpQAF42'] })).toBe('valid')
    expect(verifyWebhookSignature({ rawBody, signature, secrets: ['Gkvl$k$wyNpQAF43'] })).toBe('invalid')
  })

  // RFC 4231, test case 2.
  it('agrees with the published vector of HMAC-SHA256', () => {
    const rawBody = Buffer.from('what do ya want for nothing?')
    const signature = 'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect(verifyWebhookSignature({ rawBody, signature, secrets: ['Jefe'] })).toBe('valid')
  })

  it('fails when one bit of the body or of the signature is another', () => {
    const input = fc.record({
      body: fc.uint8Array({ minLength: 1, maxLength: 300 }),
      secret: fc.string({ minLength: 1, maxLength: 60 }),
      place: fc.nat(),
      bit: fc.integer({ min: 0, max: 7 }),
    })
    fc.assert(
      fc.property(input, ({ body, secret, place, bit }) => {
        const signature = sign(body, secret)
        const secrets = [secret]
        expect(verifyWebhookSignature({ rawBody: body, signature, secrets })).toBe('valid')
        const changed = Uint8Array.from(body)
        changed[place % body.length] = (changed[place % body.length] ?? 0) ^ (1 << bit)
        expect(verifyWebhookSignature({ rawBody: changed, signature, secrets })).toBe('invalid')
        const bytes = Buffer.from(signature.slice(7), 'hex')
        bytes[place % 32] = (bytes[place % 32] ?? 0) ^ (1 << bit)
        const forged = `sha256=${bytes.toString('hex')}`
        expect(verifyWebhookSignature({ rawBody: body, signature: forged, secrets })).toBe('invalid')
      }),
      { numRuns: 300 },
    )
  })

  const rawBody = Buffer.from('{"a":1}')

  it('is accepted with either secret while one is replaced', () => {
    for (const secret of ['new', 'old'])
      expect(verifyWebhookSignature({ rawBody, signature: sign(rawBody, secret), secrets: ['new', 'old'] })).toBe(
        'valid',
      )
    expect(verifyWebhookSignature({ rawBody, signature: sign(rawBody, 'older'), secrets: ['new', 'old'] })).toBe(
      'invalid',
    )
  })

  it.each([
    [undefined, 'unsigned'],
    ['', 'unsigned'],
    ['sha256=', 'invalid'],
    ['sha256=zz', 'invalid'],
    [`sha1=${'0'.repeat(64)}`, 'invalid'],
    [`sha1=${createHmac('sha1', 'new').update(rawBody).digest('hex')}`, 'invalid'],
    [createHmac('sha256', 'new').update(rawBody).digest('hex'), 'invalid'],
    [`${sign(rawBody, 'new')}00`, 'invalid'],
    [`${sign(rawBody, 'new')}, sha256=00`, 'invalid'],
    [` ${sign(rawBody, 'new')}`, 'invalid'],
  ])('judges %s as %s', (signature, verdict) => {
    expect(verifyWebhookSignature({ rawBody, signature, secrets: ['new'] })).toBe(verdict)
  })

  it('is never valid without a secret, or with an empty one', () => {
    expect(verifyWebhookSignature({ rawBody, signature: sign(rawBody, ''), secrets: [''] })).toBe('invalid')
    expect(verifyWebhookSignature({ rawBody, signature: sign(rawBody, ''), secrets: [] })).toBe('invalid')
  })
})
