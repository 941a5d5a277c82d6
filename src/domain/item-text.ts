import { cutText } from '../lib/cut-text.ts'
import { defuse, escapeMarkdown, type Marker, markerLine } from './message-text.ts'
import type { Severity } from './severity.ts'

/** What a developer has to know of a vulnerability to start. */
export type ItemContent = {
  number: number
  title: string
  severity: Severity
  scanner: string
  ruleId: string
  /** Written down by a person: no scanner and no rule to name. */
  isByHand?: boolean
  path: string | null
  line: number | null
  branch: string
  /** Why it matters, in the scanner's words. */
  why: string
  helpUrl: string | null
  /** The page of the vulnerability in Weir. */
  url: string
}

/** What an item is at its remote: how one answers it and says "done" differs. */
export type ItemKind = 'pull_request_thread' | 'commit_comment' | 'issue'

/** Characters a title may have in Bitbucket. */
const longestTitle = 255
const longestWhy = 600
const longestName = 200

/** Title of an item, plain text of at most 255 characters: severity first, since lists are read from the left. */
export function composeItemTitle(content: ItemContent): string {
  return cut(`[${content.severity}] ${defuse(content.title)}`, longestTitle)
}

/** The same as one line of Markdown, for what has a body alone, as tasks have. */
export function composeTaskText(content: ItemContent): string {
  return `[${content.severity}] ${escapeMarkdown(cut(content.title, longestName))}`
}

/** Body of an item, at most ten lines: what, where, why, where to read more, how to answer; with the hidden marker. */
export function composeItemBody(content: ItemContent, { kind, marker }: { kind: ItemKind; marker: Marker }): string {
  const place = content.path === null ? undefined : content.path + (content.line === null ? '' : `:${content.line}`)
  const lines = [
    `**${escapeMarkdown(cut(content.title, longestName))}** (${content.severity})`,
    ...(place === undefined ? [] : [`**Where:** ${code(place)} on ${code(content.branch)}`]),
    ...(saysMore(content.why, content.title) ? [`**Why:** ${escapeMarkdown(cut(content.why, longestWhy))}`] : []),
    content.isByHand === true
      ? '**Found by:** the security team, by hand'
      : `**Found by:** ${code(content.scanner)}, rule ${code(content.ruleId)}`,
    ...(content.helpUrl === null
      ? []
      : [`**About this rule:** <${content.helpUrl.replace(/[\s<>]/g, encodeURIComponent)}>`]),
    `**More:** [WEIR-${content.number}](${content.url})`,
    howToAnswer(kind),
  ]
  // Two blanks at the end of a line are Markdown's line break.
  return `${lines.join('  \n')}\n\n${markerLine(marker)}\n`
}

/** Other comments beside the thread are not read, so it has to be said where an answer is. */
function howToAnswer(kind: ItemKind): string {
  switch (kind) {
    case 'pull_request_thread':
      return '**Reply here** to ask security. **Done?** Resolve this thread or tick its task.'
    case 'commit_comment':
      return '**Reply here** to ask security. **Done?** Push the fix: the next scan tells.'
    case 'issue':
      return '**Comment here** to ask security. **Done?** Resolve this issue.'
    default:
      return kind satisfies never
  }
}

/** Scanners that have no words of their own for a rule repeat its title as the message. */
function saysMore(why: string, title: string): boolean {
  return bare(why) !== '' && bare(why) !== bare(title)
}

function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').toLowerCase()
}

function cut(text: string, length: number): string {
  return cutText(text.replace(/\s+/g, ' ').trim(), length)
}

/** Inline code that survives back-ticks inside. */
function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  const runs = flat.match(/`+/g) ?? []
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1)
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${flat}${pad}${fence}`
}
