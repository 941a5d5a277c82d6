import { pathOfKind } from '../../../domain/calls/describe-kind.ts'
import { remoteTitles } from '../../../domain/remote-kind.ts'
import { redactSecrets } from '../../../domain/sending/redact.ts'
import { cutText } from '../../../lib/cut-text.ts'
import type { ToldCall } from '../../../store/sync/outgoing-calls.ts'

export type TellOptions = { publicUrl: string; isDigest: boolean }

/**
 * One call in words. `head` names what it is about, `text` says what happened, `links` what else to open (an address of null
 * is none to be clicked), `open` names the link.
 */
export type CallLine = {
  head: string
  text: string | null
  links?: readonly { words: string; url: string | null }[]
  url: string
  open: string
}

/** More than this nobody reads in a message: the inbox has the rest. */
const mostLines = 30
const longestTitle = 150

/**
 * Invisible signs could turn the order of what follows, and a line of its own in a subject would be a header. Secrets stay
 * here, as with what trackers are told: mailboxes and chats have other readers and keepers.
 */
const clean = (text: string) =>
  redactSecrets(text)
    .replaceAll(/[[\p{Cc}\p{Cf}]--[\t\n\u200d]]/gv, '')
    .replaceAll(/[ \t]*\n[ \t\n]*/g, '\n')
    .trim()
/** Remote text in one line, without signs nobody sees and without secrets. */
export const oneLine = (text: string) => clean(text).replaceAll(/\s+/g, ' ')

/** Who is no member could call themselves by a member's name. */
function whatIsSaid({ subject, saidIn }: ToldCall): string {
  return clean(saidIn === null ? subject : `In ${remoteTitles[saidIn]}, ${subject}`)
}

export function toLine(call: ToldCall, { publicUrl }: TellOptions): CallLine {
  const { kind, subject, vulnerability } = call
  if (vulnerability === null)
    return { head: oneLine(subject), text: null, url: `${publicUrl}${pathOfKind(kind)}`, open: 'Open in Weir' }
  const { id, number, title, severity, asset } = vulnerability
  const tab = kind === 'message' || kind === 'mentioned' ? '?tab=champions' : ''
  return {
    head: `#${number} ${oneLine(title)} (${severity}, ${oneLine(asset)})`,
    text: whatIsSaid(call),
    url: `${publicUrl}/vulnerabilities/${id}${tab}`,
    open: `Open #${number} in Weir`,
  }
}

/** What calls say, the first of them one by one, and how many more there are. */
export function describeCalls(calls: readonly ToldCall[], options: TellOptions) {
  const rest = calls.length - mostLines
  const more = rest > 0 ? { words: `And ${rest} more in your inbox`, url: `${options.publicUrl}/inbox` } : null
  return { lines: calls.slice(0, mostLines).map((call) => toLine(call, options)), more }
}

/** One line for all of it: the subject of a mail, the first line in a chat. */
export function titleOf(calls: readonly ToldCall[], { isDigest }: TellOptions): string {
  const [only] = calls
  if (calls.length > 1 || only === undefined)
    return `Weir: ${isDigest ? 'your day, ' : ''}${calls.length} notifications`
  const said = oneLine(whatIsSaid(only))
  const { vulnerability } = only
  const about = vulnerability === null ? '' : `#${vulnerability.number} ${oneLine(vulnerability.title)}: `
  return cutText(`Weir: ${about}${said}`, longestTitle)
}
