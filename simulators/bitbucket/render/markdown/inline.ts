import { emojiImage, findEmoji } from './emoji.ts'
import { joinTokens, type Sign, type Token, toRun } from './emphasis.ts'
import { escapeHtml } from './escape-html.ts'
import { type Found, image, isSafeAddress, readAngles, readAutomatic, readTarget, writtenLink } from './links.ts'
import type { MarkdownPlace } from './markdown-place.ts'

/** Text is cut into tokens from left to right, each character looked at a bounded number of times: nothing finished is read again. */
interface Scan {
  text: string
  place: MarkdownPlace | undefined
  tokens: Token[]
  at: number
  /** Where the plain text that is not a token yet begins. */
  from: number
  /** `[` and `![` that wait for their end. */
  brackets: { token: number; start: number; isImage: boolean }[]
  /** Runs of backticks by length; found at the first one. */
  ticks: Map<number, Ticks> | undefined
}

/** Where runs of one length begin; those before `next` are behind us. */
interface Ticks {
  starts: number[]
  next: number
}

/** Longest text of a picture that is kept. */
const longestAlt = 1000

function flush(scan: Scan): void {
  if (scan.from < scan.at) scan.tokens.push({ kind: 'html', html: escapeHtml(scan.text.slice(scan.from, scan.at)) })
}

function take(scan: Scan, token: Token, end: number): void {
  flush(scan)
  scan.tokens.push(token)
  scan.at = end
  scan.from = end
}

function takeHtml(scan: Scan, found: Found | undefined): boolean {
  if (found === undefined) return false
  take(scan, { kind: 'html', html: found.html }, found.end)
  return true
}

function runLength(text: string, at: number): number {
  let end = at
  while (text[end] === text[at]) end += 1
  return end - at
}

function findTicks(text: string): Map<number, Ticks> {
  const found = new Map<number, Ticks>()
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const known = found.get(run.length)
    if (known === undefined) found.set(run.length, { starts: [index], next: 0 })
    else known.starts.push(index)
  }
  return found
}

function nextTicks(ticks: Ticks | undefined, from: number): number | undefined {
  if (ticks === undefined) return undefined
  while ((ticks.starts[ticks.next] ?? Number.POSITIVE_INFINITY) < from) ticks.next += 1
  return ticks.starts[ticks.next]
}

/** Code ends at the next run of as many backticks; without one they stand for themselves. */
function readCode(scan: Scan): boolean {
  const length = runLength(scan.text, scan.at)
  scan.ticks ??= findTicks(scan.text)
  const start = scan.at + length
  const end = nextTicks(scan.ticks.get(length), start)
  if (end === undefined) {
    scan.at += length
    return true
  }
  return takeHtml(scan, { html: `<code>${escapeHtml(scan.text.slice(start, end).trim())}</code>`, end: end + length })
}

function readEscape({ text, at }: Scan): Found | undefined {
  const next = text[at + 1] ?? ''
  return /[!-/:-@[-`{-~]/.test(next) ? { html: escapeHtml(next), end: at + 2 } : undefined
}

function openBracket(scan: Scan, isImage: boolean): boolean {
  const sign = isImage ? '![' : '['
  const start = scan.at + sign.length
  take(scan, { kind: 'html', html: sign }, start)
  scan.brackets.push({ token: scan.tokens.length - 1, start, isImage })
  return true
}

/** What waits since the last `[` becomes the text of a link when a safe address follows. */
function closeBracket(scan: Scan): boolean {
  const opener = scan.brackets.pop()
  const target = opener === undefined ? undefined : readTarget(scan.text, scan.at + 1)
  if (opener === undefined || target === undefined || scan.at === opener.start || !isSafeAddress(target.address))
    return false
  flush(scan)
  const html = opener.isImage
    ? image(scan.text.slice(opener.start, Math.min(scan.at, opener.start + longestAlt)), target)
    : writtenLink(joinTokens(scan.tokens.slice(opener.token + 1)), target)
  scan.tokens.length = opener.token
  scan.tokens.push({ kind: 'html', html })
  // A link has no links inside.
  if (!opener.isImage) scan.brackets = []
  scan.at = target.end
  scan.from = target.end
  return true
}

function readRun(scan: Scan, sign: Sign): boolean {
  const { text, at } = scan
  const length = runLength(text, at)
  const run = toRun(sign, length, { before: text[at - 1] ?? '', after: text[at + length] ?? '' })
  if (run === undefined) scan.at += length
  else take(scan, run, at + length)
  return true
}

const mention = /@\{([\w:.-]{1,128})\}/y

/** `@{account id}`, as Bitbucket's own editor writes it. */
function readMention({ text, at, place }: Scan): Found | undefined {
  mention.lastIndex = at
  const [all, id] = mention.exec(text) ?? []
  const name = id === undefined ? undefined : place?.findName(id)
  if (all === undefined || id === undefined || name === undefined) return undefined
  const html = `<span class="ap-mention" data-atlassian-id="${escapeHtml(id)}">@${escapeHtml(name)}</span>`
  return { html, end: at + all.length }
}

const shortName = /:([a-z0-9_+-]{1,50}):/y

function readEmoji({ text, at, place }: Scan): Found | undefined {
  shortName.lastIndex = at
  const [all, name] = shortName.exec(text) ?? []
  const character = name === undefined ? undefined : findEmoji(name)
  if (all === undefined || name === undefined || character === undefined) return undefined
  return { html: place?.emoji === 'characters' ? character : emojiImage(name, character), end: at + all.length }
}

/** Two spaces before the end of a line break it; otherwise the line end is a space like any other. */
function readLineEnd(scan: Scan): boolean {
  const { text, at } = scan
  if (text[at - 1] !== ' ' || text[at - 2] !== ' ') return false
  let end = at
  while (end > scan.from && text[end - 1] === ' ') end -= 1
  scan.at = end
  take(scan, { kind: 'html', html: '<br />\n' }, at + 1)
  return true
}

/** Reads what begins at this place; false when it is plain text. */
function readOne(scan: Scan): boolean {
  const { text, at, place } = scan
  const sign = text[at]
  switch (sign) {
    case '\\':
      return takeHtml(scan, readEscape(scan))
    case '`':
      return readCode(scan)
    case '<':
      return takeHtml(scan, readAngles(text, at))
    case '!':
      return text[at + 1] === '[' && openBracket(scan, true)
    case '[':
      return openBracket(scan, false)
    case ']':
      return closeBracket(scan)
    case '*':
    case '_':
    case '~':
      return readRun(scan, sign)
    case '@':
      return takeHtml(scan, readMention(scan))
    case ':':
      return takeHtml(scan, readEmoji(scan))
    case '\n':
      return readLineEnd(scan)
    default:
      return takeHtml(scan, readAutomatic(text, at, place))
  }
}

/** The markup of a paragraph's text. */
export function renderInline(text: string, place: MarkdownPlace | undefined): string {
  const scan: Scan = { text, place, tokens: [], at: 0, from: 0, brackets: [], ticks: undefined }
  while (scan.at < text.length) if (!readOne(scan)) scan.at += 1
  flush(scan)
  return joinTokens(scan.tokens)
}
