import { type AskedDecision, askedDecisions } from './asked-decision.ts'
import { readMessage } from './message-text.ts'

/** What a comment that begins with `weir` wants. `rest`, `why`: what else it says, empty when nothing. */
export type ThreadCommand =
  | { kind: 'done'; rest: string }
  | { kind: 'ask'; decision: AskedDecision; why: string }
  | { kind: 'help' }

const [accept, falsePositive] = askedDecisions

/** Longest command with its name: what follows is not looked at. */
const longestHead = 60
const headPattern =
  /^@?weir[ \t]*[:,]?[ \t]+(done|false[ \t-]+positive|accept|help)(?![\w-])[ \t]*(\?)?(?:[:;,.!–—-]+(?=\s|$)|:)?/i

/**
 * The command at the very beginning of a remote comment; undefined when it has none. Quoted text, code and whatever
 * another installation mirrors here are never one, and neither is a question (`weir done?`).
 */
export function parseThreadCommand(body: string): ThreadCommand | undefined {
  const first = body.replaceAll('\r\n', '\n').replace(/^(?:[ \t]*\n)+/, '')
  // Indented as far as that, Markdown reads code.
  if (/^(?: {4}|[ ]{0,3}\t)/.test(first)) return undefined
  const text = readMessage(body)
  const head = headPattern.exec(text.slice(0, longestHead))
  const name = head?.[1]?.toLowerCase()
  if (head === null || name === undefined || head[2] !== undefined) return undefined
  const rest = text.slice(head[0].length).trim()
  switch (name) {
    case 'done':
      return { kind: 'done', rest }
    case 'accept':
      return { kind: 'ask', decision: accept, why: rest }
    case 'help':
      return { kind: 'help' }
    default:
      return { kind: 'ask', decision: falsePositive, why: rest }
  }
}

/** What `weir help` answers, in Markdown. It begins with no command, so that no installation takes it for one. */
export const commandHelp = [
  'A comment here that begins with one of these tells Weir what to do:',
  '',
  '- `weir done`: it is fixed; security, or the next scan, looks at it.',
  '- `weir false positive: why`: asks security to set it aside.',
  '- `weir accept: why`: asks security to accept the risk.',
  '',
  'Anything else is a message to the security people.',
].join('\n')
