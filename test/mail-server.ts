import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { MailServer } from '../src/lib/mail-transport.ts'

/** A mail as it arrived: whom it was for, its headers by lower-case name, and its two texts. */
export type ReceivedMail = { to: string[]; headers: Record<string, string>; text: string; html: string; raw: string }

/** What a reply to a mail is: taken, or an SMTP status with a sentence. */
type Verdict = { code: number; message: string } | undefined

/** A mail server on a free port of loopback; takes everything unless told otherwise. `user` and `password`, where given, have to be shown. */
export async function startMailServer(login?: { user: string; password: string }) {
  const received: ReceivedMail[] = []
  const state: { verdict: Verdict; recipient: Verdict; beforeReply: () => Promise<void> } = {
    verdict: undefined,
    recipient: undefined,
    beforeReply: async () => undefined,
  }
  const refuse = ({ code, message }: NonNullable<Verdict>) => Object.assign(new Error(message), { responseCode: code })
  const options: SMTPServerOptions = {
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: login === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    logger: false,
    onAuth: (auth, _session, done) =>
      auth.username === login?.user && auth.password === login?.password
        ? done(null, { user: auth.username })
        : done(new Error('Invalid username or password')),
    onRcptTo: (_address, _session, done) => done(state.recipient === undefined ? null : refuse(state.recipient)),
    onData: (stream, session, done) => {
      void (async () => {
        try {
          const chunks: Buffer[] = []
          for await (const chunk of stream) chunks.push(Buffer.from(chunk))
          if (state.verdict !== undefined) return done(refuse(state.verdict))
          received.push(
            read(
              Buffer.concat(chunks).toString('latin1'),
              session.envelope.rcptTo.map(({ address }) => address),
            ),
          )
          await state.beforeReply()
          return done()
        } catch (error) {
          // Who is killed in the middle of a mail has sent none, and nobody waits for the answer.
          return done(error instanceof Error ? error : new Error(String(error)))
        }
      })()
    },
  }
  const server = new SMTPServer(options)
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.server.address()
  if (bound === null || typeof bound === 'string') throw new Error('The mail server does not listen.')
  const { port } = bound
  const address: MailServer = {
    host: '127.0.0.1',
    port,
    isTls: false,
    user: login?.user ?? null,
    password: login?.password ?? null,
  }
  return {
    received,
    state,
    port,
    address,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

function read(raw: string, to: string[]): ReceivedMail {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const headers = readHeaders(head)
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1] ?? ''
  const parts = rest.join('\r\n\r\n').split(`--${boundary}`)
  const partOf = (type: string) => {
    const part = parts.find((one) => one.toLowerCase().includes(`content-type: ${type}`)) ?? ''
    const [partHead = '', ...body] = part.trimStart().split('\r\n\r\n')
    return decode(body.join('\r\n\r\n'), readHeaders(partHead)['content-transfer-encoding'] ?? '7bit')
  }
  return { to, headers, text: partOf('text/plain'), html: partOf('text/html'), raw }
}

function readHeaders(head: string): Record<string, string> {
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      decodeWords(line.slice(line.indexOf(':') + 1).trim()),
    ]),
  )
}

/** Words of a header that are not ASCII. https://www.rfc-editor.org/rfc/rfc2047 */
const decodeWords = (text: string) =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, how: string, body: string) =>
      how.toLowerCase() === 'b'
        ? Buffer.from(body, 'base64').toString()
        : decode(body.replaceAll('_', ' '), 'quoted-printable'),
    )

function decode(body: string, how: string): string {
  if (how === 'base64') return Buffer.from(body, 'base64').toString()
  if (how !== 'quoted-printable') return body
  const bytes = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
