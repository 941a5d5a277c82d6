import { mapMarkdownText } from '../lib/map-markdown-text.ts'

/** Somebody a text means: the name that stands in it behind an @, and their account at a remote. */
export type Mention = { name: string; account: string }

/** Whoever means more people at once means nobody in particular: then none of them is called by name. */
export const mentionsAtMost = 20

/** How an account stands in a text at the seam to the trackers. */
const spelled = /@\{([\w:.-]{1,128})\}/g

/** The text with `@{account}` where it means somebody by `@name`; code and addresses stay as they are. */
export function spellMentions(body: string, mentions: readonly Mention[]): string {
  if (mentions.length === 0) return body
  const accounts = new Map(mentions.map(({ name, account }) => [name, account]))
  // Of two names the longer one: `@Ann Lee` is not Ann.
  const names = [...accounts.keys()]
    .toSorted((one, other) => other.length - one.length)
    .map((name) => RegExp.escape(name))
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}_])@(${names.join('|')})(?![\p{L}\p{N}_])`, 'gu')
  return mapMarkdownText(body, {
    text: (text) => text.replace(pattern, (_, name: string) => `@{${accounts.get(name) ?? ''}}`),
  })
}

/** Accounts that `@{account}` stands for in a text outside of code, each once. */
export function listSpelled(body: string): string[] {
  const accounts = new Set<string>()
  readMentions(body, (account) => {
    accounts.add(account)
    return account
  })
  return [...accounts]
}

/** The text with `@name` where `@{account}` stands; code stays as it is. */
export function readMentions(body: string, nameOf: (account: string) => string): string {
  if (!body.includes('@{')) return body
  return mapMarkdownText(body, {
    text: (text) => text.replace(spelled, (_, account: string) => `@${nameOf(account)}`),
  })
}

/** Whether the text has `@name` in it, as words of its own outside of code. */
export function isMentioned(body: string, name: string): boolean {
  return spellMentions(body, [{ name, account: 'x' }]) !== body
}

/** A name as it can stand behind an @: on one line, at most 80 characters, without what Markdown reads as its own. */
export function toMentionName(name: string): string {
  const plain = name
    .replace(/[\\`*_{}[\]<>()#@|~!&]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return plain.slice(0, 80).trim() || 'somebody'
}
