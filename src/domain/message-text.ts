import { createHash } from 'node:crypto'
import { redactSecrets } from './sending/redact.ts'

/** What a marker names: an item (defect) or a comment (message) of one Weir installation. */
export type Marker = { instance: string; kind: 'defect' | 'message'; id: string }

const uuidPattern = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const markerPattern = new RegExp(String.raw`^[ ]{0,3}\[weir\]:[ ]*#([0-9a-z]+)-(m-)?(${uuidPattern})[ ]*$`, 'gm')
/** For the last line of a text alone: sought in a whole one, every run of line breaks would be tried again and again. */
const attributionPattern = /^\*[^\n]* via Weir\*$/

/** The key inside a marker: what one searches a remote for. */
export function markerKey({ instance, kind, id }: Marker): string {
  return `#${instance}-${kind === 'message' ? 'm-' : ''}${id}`
}

/** The hidden line of a remote body: a Markdown link reference, which renders to nothing in Bitbucket. */
export function markerLine(marker: Marker): string {
  return `[weir]: ${markerKey(marker)}`
}

/** The marker in a remote body, if there is one. */
export function parseMarker(text: string): Marker | undefined {
  const [, instance, message, id] = findMarker(text.replaceAll('\r\n', '\n')) ?? []
  if (instance === undefined || id === undefined) return undefined
  return { instance, kind: message === undefined ? 'defect' : 'message', id }
}

/** A file that goes with a message: where a reader at the remote finds it, beside the comment or in Weir. */
export type SentFile = { name: string; url: string; isInWeir: boolean }

type Composing = { body: string; authorName: string | null; marker: Marker; files?: readonly SentFile[] }

/** A message as it leaves: its Markdown, its files, who wrote it in Weir (null: Weir itself), and the hidden marker. */
export function composeMessage({ body, authorName, marker, files = [] }: Composing): string {
  const parts = [closeFence(redactSecrets(body.trim()))]
  // One line with the attribution, so that it is known as ours when it comes back.
  if (authorName !== null) parts.push(`*${describeFiles(files)}${escapeMarkdown(authorName)} via Weir*`)
  return `${[...parts, markerLine(marker)].join('\n\n')}\n`
}

function describeFiles(files: readonly SentFile[]): string {
  if (files.length === 0) return ''
  const links = files.map(
    ({ name, url, isInWeir }) => `[${escapeMarkdown(name)}](${url})${isInWeir ? ' (in Weir)' : ''}`,
  )
  return `Files: ${links.join(', ')}. `
}

/** A remote body as people wrote it: without our marker and, when there was one, without our attribution line. */
export function readMessage(text: string): string {
  const plain = text.replaceAll('\r\n', '\n')
  const marker = findMarker(plain)
  if (marker === undefined) return plain.trim()
  const without = plain.slice(0, marker.index) + plain.slice(marker.index + marker[0].length)
  return withoutAttribution(without.trimEnd()).trim()
}

function withoutAttribution(text: string): string {
  const lastBreak = text.lastIndexOf('\n')
  // A message that is files alone has nothing above it.
  return attributionPattern.test(text.slice(lastBreak + 1)) ? text.slice(0, Math.max(0, lastBreak)) : text
}

/** The text of a remote item with this marker in place of the one it has, or, for null, without one; the rest stays as people wrote it. */
export function setMarker(text: string, marker: Marker | null): string {
  const plain = text.replaceAll('\r\n', '\n')
  const former = findMarker(plain)
  const without =
    former === undefined
      ? plain
      : `${plain.slice(0, former.index).trimEnd()}${plain.slice(former.index + former[0].length).trimEnd()}`
  if (marker === null) return without
  return `${[...(without.trim() === '' ? [] : [closeFence(without.trimEnd())]), markerLine(marker)].join('\n\n')}\n`
}

/** Ours is the last one: what stands above it may be pasted from elsewhere. */
function findMarker(plain: string): RegExpExecArray | undefined {
  return [...plain.matchAll(markerPattern)].at(-1)
}

/** Fingerprint of what people read in a body, the same before and after a remote rewrites line ends and blanks: 64 hexadecimal digits. */
export function hashMessage(text: string): string {
  const lines = readMessage(text).split('\n')
  return createHash('sha256')
    .update(lines.map((line) => line.trimEnd()).join('\n'))
    .digest('hex')
}

/** Zero-width space: nobody sees it, and no remote reads a mention or an address across it. */
const gap = '\u200B'

/**
 * The text on one line, with a gap inside everything a remote makes a mention, a link, an image or HTML of. Mentions and
 * autolinks are found after Markdown is read, where a backslash no longer protects them. For plain text, as titles are.
 */
export function defuse(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/@(?=\S)|#(?=\d)|:(?=\/\/)|\](?=[([:])|<(?=[a-z/!?])|&(?=#?\w+;)|~(?=~)|\bwww(?=\.)/gi, `$&${gap}`)
}

/** The text with everything Markdown or a remote would read as markup made literal. For names and titles, on one line. */
export function escapeMarkdown(text: string): string {
  // Only what every dialect takes a backslash for; Bitbucket's would show one before the other signs.
  return defuse(text).replace(/[\\`*_{}[\]#>!]/g, String.raw`\$&`)
}

/** The text with its code fence closed: an open one would swallow what is added below. */
export function closeFence(body: string): string {
  let open: string | undefined
  for (const line of body.split('\n')) {
    // What follows is cut off, not matched: `.*$` after such a run tries all its lengths when a line separator is near.
    const [indented, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? []
    if (indented === undefined || mark === undefined) continue
    const isBare = line.slice(indented.length).trim() === ''
    if (open === undefined) open = mark
    else if (mark[0] === open[0] && mark.length >= open.length && isBare) open = undefined
  }
  return open === undefined ? body : `${body}\n${open}`
}
