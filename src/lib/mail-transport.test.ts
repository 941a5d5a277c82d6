import { afterEach, describe, expect, test } from 'vitest'
import { startMailServer } from '../../test/mail-server.ts'
import { createMailTransport, type Mail, type MailServer } from './mail-transport.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const mail: Mail = {
  messageId: '0199-1@weir.example',
  thread: null,
  to: { name: 'Zoë, "Q" <b@example.com>', address: 'zoe@example.com' },
  subject: 'Weir: größer\r\nBcc: evil@example.com',
  text: 'Plain text',
  html: '<p>Text</p>',
  unsubscribeUrl: null,
}
const open = (server: MailServer) => {
  const transport = createMailTransport({ server, from: 'Weir <weir@example.com>' })
  closers.push(() => transport.close())
  return transport
}
const serve = async (login?: { user: string; password: string }) => {
  const server = await startMailServer(login)
  closers.push(server.close)
  return server
}

describe('a mail', () => {
  test('arrives whole, at its one receiver, whatever a name or a subject holds', async () => {
    const server = await serve()
    expect(await open(server.address).send(mail)).toEqual({ kind: 'sent' })
    const [received] = server.received
    expect(received?.to).toEqual(['zoe@example.com'])
    expect(received?.headers).toMatchObject({ 'message-id': '<0199-1@weir.example>', from: 'Weir <weir@example.com>' })
    expect(received?.headers['subject']).toBe('Weir: größer Bcc: evil@example.com')
    expect(received?.headers['bcc']).toBe(undefined)
    expect(received?.headers['list-unsubscribe']).toBe(undefined)
    expect([received?.text.trim(), received?.html.trim()]).toEqual(['Plain text', '<p>Text</p>'])
  })

  test.each([
    { what: 'a receiver', key: 'recipient' as const, code: 550, kind: 'refused' },
    { what: 'a text', key: 'verdict' as const, code: 554, kind: 'refused' },
    { what: 'a receiver', key: 'recipient' as const, code: 450, kind: 'later' },
    { what: 'a text', key: 'verdict' as const, code: 452, kind: 'later' },
  ])('with $what that is answered $code is $kind', async ({ key, code, kind }) => {
    const server = await serve()
    server.state[key] = { code, message: 'Not like this' }
    const answer = await open(server.address).send(mail)
    expect(answer).toMatchObject({ kind, sentence: expect.stringContaining(`${code} Not like this`) })
  })

  test('waits where nobody listens, or the login is wrong, and no password is said', async () => {
    const server = await serve({ user: 'weir', password: 'right-canary' })
    expect(await open(server.address).check()).toBe(undefined)
    const wrong = await open({ ...server.address, password: 'wrong-canary' }).send(mail)
    expect(wrong.kind).toBe('later')
    expect(JSON.stringify(wrong)).not.toContain('canary')
    await server.close()
    const nobody = open(server.address)
    expect(await nobody.send(mail)).toMatchObject({ kind: 'later', sentence: expect.stringContaining('127.0.0.1') })
    expect(await nobody.check()).toContain('cannot be reached')
  })

  test('with a password goes to no server that offers no encryption', async () => {
    const server = await serve({ user: 'weir', password: 'right' })
    // Any name of this machine that is not taken for itself stands for a server elsewhere.
    const elsewhere = open({ ...server.address, host: '0.0.0.0' })
    const answer = await elsewhere.send(mail)
    expect(answer.kind).toBe('later')
    expect(server.received).toEqual([])
  })
})
