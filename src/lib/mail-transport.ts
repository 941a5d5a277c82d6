import { createTransport } from 'nodemailer'
import { cutText } from './cut-text.ts'
import { redactText } from './log.ts'

/** A mail server: `isTls` speaks TLS from the first byte, otherwise it is asked for STARTTLS. */
export type MailServer = { host: string; port: number; isTls: boolean; user: string | null; password: string | null }

/** A person's address as a mail names it. */
export type MailAddress = { name: string; address: string }

/** A mail to one person. `messageId` has no angle brackets, and is the same however often the mail is tried. */
export type Mail = {
  messageId: string
  /** Mails that belong together have the same one. */
  thread: string | null
  to: MailAddress
  subject: string
  text: string
  html: string
  /** Where a click, or the reader's mail program by one POST (RFC 8058), ends mails like this one. */
  unsubscribeUrl: string | null
}

/** What a mail server said: taken; refused for good; or not now. `sentence` is safe to show. */
export type MailAnswer = { kind: 'sent' } | { kind: 'refused' | 'later'; sentence: string }

/** The only way out for e-mail. */
export type MailTransport = {
  /** Host and port, to be shown. */
  server: string
  from: string
  send: (mail: Mail) => Promise<MailAnswer>
  /** Undefined when the server can be reached and takes our login, else why not. */
  check: () => Promise<string | undefined>
  close: () => void
}

const connectWithinMs = 10_000
const answerWithinMs = 20_000
const atOnce = 3
const longestSentence = 300

/** A transport with a few connections of its own, closed while nothing is sent. A password never travels without TLS, but to this very machine. */
export function createMailTransport({ server, from }: { server: MailServer; from: string }): MailTransport {
  const { host, port, isTls, user, password } = server
  const isHere = /^(localhost|127(\.\d+){3}|::1|\[::1\])$/.test(host)
  const transport = createTransport({
    pool: true,
    maxConnections: atOnce,
    host: host.replace(/^\[|\]$/g, ''),
    port,
    secure: isTls,
    requireTLS: !isTls && user !== null && !isHere,
    ...(user !== null && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    socketTimeout: answerWithinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const send = async (mail: Mail): Promise<MailAnswer> => {
    try {
      await transport.sendMail(toOptions(mail, from))
      return { kind: 'sent' }
    } catch (error) {
      return toAnswer(error, host)
    }
  }
  const check = async (): Promise<string | undefined> => {
    try {
      await transport.verify()
      return undefined
    } catch (error) {
      const answer = toAnswer(error, host)
      return answer.kind === 'sent' ? undefined : answer.sentence
    }
  }
  return { server: `${host}:${port}`, from, send, check, close: () => transport.close() }
}

function toOptions({ messageId, thread, unsubscribeUrl, ...mail }: Mail, from: string) {
  return {
    ...mail,
    from,
    messageId: `<${messageId}>`,
    ...(thread !== null && { inReplyTo: `<${thread}>`, references: `<${thread}>` }),
    headers: {
      // No answering machine is to answer. https://www.rfc-editor.org/rfc/rfc3834
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(unsubscribeUrl !== null && {
        'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
  }
}

/** A receiver or a text that is refused with a 5xx stays refused; a login, a line or a full box may be mended. */
function toAnswer(error: unknown, host: string): MailAnswer {
  if (!(error instanceof Error)) throw error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : 0
  const said = 'response' in error && typeof error.response === 'string' ? error.response : ''
  if (code === '') throw error
  const isFinal = status >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')
  const sentence = said === '' ? `${host} ${describeCode(code)}.` : `${host} answered: ${redactText(said)}`
  return { kind: isFinal ? 'refused' : 'later', sentence: cutText(sentence.replaceAll(/\s+/g, ' '), longestSentence) }
}

function describeCode(code: string): string {
  switch (code) {
    case 'EAUTH':
      return 'did not accept user name and password'
    case 'ETLS':
      return 'offers no encryption (STARTTLS), without which no password is sent'
    case 'ETIMEDOUT':
      return 'did not answer in time'
    case 'EDNS':
      return 'is a name that cannot be resolved'
    default:
      return `cannot be reached (${code})`
  }
}
