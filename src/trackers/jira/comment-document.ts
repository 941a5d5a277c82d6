import { type Marker, markerLine, parseMarker } from '../../domain/message-text.ts'
import { cutText } from '../../lib/cut-text.ts'
import type { AdfDocument, AdfNode } from './adf/adf-document.ts'
import { fromAdf } from './adf/from-adf.ts'
import { toAdf } from './adf/to-adf.ts'

/** Jira counts the characters of a comment, by some accounts with the document's own signs: so these are counted. */
const longestDocument = 32_767

/** How the lines begin that we add for the reader in Jira; reading one of ours back, they are left out again. */
const answerBegins = 'In answer to '
const noteBegins = 'Said otherwise in Weir: '

/** What follows the text of a message: who wrote it. */
const attribution = /\n\n(\*[^\n]* via Weir\*)\s*$/

/** `answersTo`: whose comment it answers; `named`: accounts that `@{account}` calls, with their names. */
type Around = { answersTo?: string | undefined; named?: ReadonlyMap<string, string> | undefined }

/**
 * A composed message as a Jira document, without its marker, which goes along as a property. What the format has no
 * place for is named below the text; a text that is too long is cut, and that is said too.
 */
export function toCommentDocument(composed: string, { answersTo, named }: Around): AdfDocument {
  const marker = parseMarker(composed)
  const plain = marker === undefined ? composed : withoutLine(composed, markerLine(marker))
  const [, signed] = attribution.exec(plain) ?? []
  const text = signed === undefined ? plain.trim() : plain.replace(attribution, '').trim()
  // No document is shorter than its text.
  for (let length = Math.min(text.length, longestDocument); ; length = Math.floor(length * 0.8)) {
    const isCut = length < text.length
    const { document, lost } = toAdf(isCut ? cutText(text, length) : text, named)
    const notes = [...lost, ...(isCut ? ['the rest of this text, which is too long for Jira'] : [])]
    const content = [
      ...(answersTo === undefined ? [] : [line(`${answerBegins}${answersTo}:`)]),
      ...document.content,
      ...(notes.length === 0 ? [] : [line(`${noteBegins}${notes.join('; ')}.`)]),
      ...(signed === undefined ? [] : toAdf(signed).document.content),
    ]
    const whole: AdfDocument = {
      type: 'doc',
      version: 1,
      content: content.length === 0 ? [line('(no text)')] : content,
    }
    if (JSON.stringify(whole).length <= longestDocument || length < 100) return whole
  }
}

/** A comment's text as Markdown; of one of ours (`marker`) as it was composed, with its marker at the end. */
export function fromCommentDocument(content: readonly AdfNode[], marker: Marker | undefined): string {
  if (marker === undefined) {
    const { markdown, lost } = fromAdf({ content: [...content] })
    const text = lost.length === 0 ? markdown : `${markdown}\n\n*There is more in Jira: ${lost.join('; ')}.*`
    return storable(text)
  }
  const own = content.filter(
    (node, index) =>
      !(index === 0 && isLine(node, answerBegins)) && !(index >= content.length - 2 && isLine(node, noteBegins)),
  )
  return `${storable(fromAdf({ content: own }).markdown)}\n\n${markerLine(marker)}\n`
}

function withoutLine(text: string, removed: string): string {
  return text
    .split('\n')
    .filter((one) => one.trim() !== removed)
    .join('\n')
}

function line(text: string): AdfNode {
  return { type: 'paragraph', content: [{ type: 'text', text, marks: [{ type: 'em' }] }] }
}

function isLine({ type, content = [] }: AdfNode, begins: string): boolean {
  return type === 'paragraph' && content[0]?.text?.startsWith(begins) === true
}

/** PostgreSQL's text holds no NUL, and a lone half of a surrogate pair is no text. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}
