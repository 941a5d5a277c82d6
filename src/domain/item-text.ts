import { cutText } from '../lib/cut-text.ts'
import type { FindingKind } from './finding-kind.ts'
import { closeFence, defuse, escapeMarkdown, type Marker, markerLine } from './message-text.ts'
import { defaultItemTemplate, fillLines, fillTitle, type ItemValues } from './sending/item-placeholders.ts'
import type { ItemTemplate } from './sending/item-templates.ts'
import type { Severity } from './severity.ts'

/** What a developer has to know of a vulnerability to start; texts of scanners and people redacted already. */
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
  /** When it has to be fixed, where a service level says so. */
  dueAt?: Date | null
  kind?: FindingKind
  /** Name of the asset. */
  asset?: string
  /** The lines the scan read, where they may leave. */
  code?: string | null
  /** Left out: what an item says by default. */
  template?: ItemTemplate
}

/** What an item is at its remote: how one answers it and says "done" differs. */
export type ItemKind = 'pull_request_thread' | 'commit_comment' | 'issue'

/** Characters a title may have in Bitbucket, and a summary in Jira. */
const longestTitle = 255
/** Characters a comment or an issue may have in Bitbucket; the marker is one of its lines. */
const longestBody = 32_768
const longestWhy = 600
const longestName = 200
const longestCode = 4000

/** Title of an item, plain text of at most 255 characters: by default severity first, since lists are read from the left. */
export function composeItemTitle(content: ItemContent): string {
  const values = toValues(content, { kind: 'issue', write: plain })
  return cut(chooseTitle(content, values), longestTitle)
}

/** The same as one line of Markdown, for what has a body alone, as tasks have. */
export function composeTaskText(content: ItemContent): string {
  return chooseTitle(content, toValues(content, { kind: 'issue', write: markdown }))
}

/** A template that asks only for what is empty says nothing: then the one by default does. */
function chooseTitle({ template = defaultItemTemplate }: ItemContent, values: ItemValues): string {
  const title = fillTitle(template.title, values)
  return title === '' ? fillTitle(defaultItemTemplate.title, values) : title
}

/** Body of an item by its template, with the hidden marker at its end whatever else is cut. */
export function composeItemBody(content: ItemContent, { kind, marker }: { kind: ItemKind; marker: Marker }): string {
  const { template = defaultItemTemplate } = content
  const lines = fillLines(template.body, toValues(content, { kind, write: markdown }))
  const end = `\n\n${markerLine(marker)}\n`
  return `${closeFence(cutText(joinLines(lines), longestBody - end.length - longestFence))}${end}`
}

/** Characters that closing a block of code may add. */
const longestFence = 20

/** Two blanks at the end of a line are Markdown's line break; a block of code keeps its lines as they are. */
function joinLines(lines: readonly string[]): string {
  return lines
    .flatMap((line, index) => {
      const next = lines[index + 1]
      if (next === undefined) return [line]
      return [line.trim() === '' || next.trim() === '' || line.includes('\n') ? `${line}\n` : `${line}  \n`]
    })
    .join('')
    .trim()
}

type Write = (text: string, longest: number) => string
const plain: Write = (text, longest) => cut(defuse(text), longest)
const markdown: Write = (text, longest) => escapeMarkdown(cut(text, longest))

function toValues(content: ItemContent, { kind, write }: { kind: ItemKind; write: Write }): ItemValues {
  const { path, line, url, helpUrl, isByHand = false } = content
  const place = path === null ? '' : path + (line === null ? '' : `:${line}`)
  const asCode = write === plain ? (text: string) => plain(text, longestTitle) : code
  return {
    title: write(content.title, write === plain ? longestTitle : longestName),
    severity: content.severity,
    number: `WEIR-${content.number}`,
    kind: content.kind ?? '',
    asset: write(content.asset ?? '', longestName),
    branch: asCode(content.branch),
    place: place === '' ? '' : asCode(place),
    path: path === null ? '' : asCode(path),
    line: line === null ? '' : String(line),
    scanner: isByHand ? '' : asCode(content.scanner),
    rule: isByHand ? '' : asCode(content.ruleId),
    due: content.dueAt?.toISOString().slice(0, 10) ?? '',
    found_by: isByHand ? 'the security team, by hand' : `${code(content.scanner)}, rule ${code(content.ruleId)}`,
    why: saysMore(content.why, content.title) ? write(content.why, longestWhy) : '',
    rule_page: helpUrl === null ? '' : `<${helpUrl.replace(/[\s<>]/g, encodeURIComponent)}>`,
    link: `[WEIR-${content.number}](${url})`,
    url,
    code: block(content.code ?? ''),
    how_to_answer: howToAnswer(kind),
  }
}

/** A block of code that survives back-ticks inside, on lines of its own. */
function block(text: string): string {
  const body = cutText(text.replace(/^\s*\n|\s+$/g, ''), longestCode)
  if (body === '') return ''
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1))
  return `\n${fence}\n${body}\n${fence}\n`
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
}

/** Other comments beside the thread are not read, so it has to be said where an answer is. */
function howToAnswer(kind: ItemKind): string {
  switch (kind) {
    case 'pull_request_thread':
      return '**Reply here** to ask security. **Done?** Resolve this thread or tick its task.'
    case 'commit_comment':
      return '**Reply here** to ask security. **Done?** Reply `weir done`; `weir help` tells what else.'
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
  const fence = '`'.repeat(longestRun(flat) + 1)
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${flat}${pad}${fence}`
}
