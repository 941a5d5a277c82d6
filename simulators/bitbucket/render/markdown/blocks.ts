import { escapeHtml } from './escape-html.ts'
import { listAt, readList } from './lists.ts'
import { isTableAt, readTable } from './tables.ts'

export interface Block {
  /** Of a paragraph: what is inside it. */
  html: string
  isParagraph: boolean
}

export interface BlockReader {
  inline: (text: string) => string
  /** Quotes and lists inside each other so far. */
  depth: number
}

interface Read {
  html: string
  /** The first line after it. */
  next: number
}

/** Deeper quotes and lists are text. */
const deepest = 12

export function joinBlocks(blocks: Block[]): string {
  return blocks
    .map((block) => (block.isParagraph ? `<p>${block.html}</p>` : block.html))
    .join('\n')
    .trimEnd()
}

function codeBlock(code: string[], language: string | undefined): string {
  const name = language === undefined ? '' : ` language-${language.toLowerCase()}`
  // Two empty lines follow, as recorded.
  return `<div class="codehilite${name}"><pre><span></span>${escapeHtml(code.join('\n'))}\n</pre></div>\n\n`
}

/** Three backticks or more, the language after them or in the first line as `#!python`. Without an end it takes the rest. */
function readFence(lines: string[], start: number): Read {
  const [, fence = '', named = ''] = /^ {0,3}(`{3,}|~{3,}) *([\w+#.-]*)/.exec(lines[start] ?? '') ?? []
  const code: string[] = []
  let next = start + 1
  for (; next < lines.length; next += 1) {
    const line = (lines[next] ?? '').trim()
    if (line.startsWith(fence) && line === line.slice(0, 1).repeat(line.length)) break
    code.push(lines[next] ?? '')
  }
  const shebang = /^#!([\w+-]{1,30})$/.exec(code[0] ?? '')?.[1]
  const language = shebang ?? (/^[\w+#.-]{1,30}$/.test(named) ? named : undefined)
  const shown = shebang === undefined ? code : code.slice(code[1] === '' ? 2 : 1)
  return { html: codeBlock(shown, language), next: next + 1 }
}

function readIndentedCode(lines: string[], start: number): Read {
  let next = start
  const code: string[] = []
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? ''
    if (line.trim() !== '' && !line.startsWith('    ')) break
    code.push(line.slice(4))
  }
  while (code.at(-1)?.trim() === '') code.pop()
  return { html: codeBlock(code, undefined), next }
}

function readHeading(line: string, reader: BlockReader): string | undefined {
  const [, signs, rest] = /^(#{1,6}) +(.*)$/.exec(line) ?? []
  if (signs === undefined || rest === undefined) return undefined
  let text = rest.trim()
  while (text.endsWith('#')) text = text.slice(0, -1)
  return `<h${signs.length}>${reader.inline(text.trim())}</h${signs.length}>`
}

/** A quote goes on to the next empty line, with or without its sign. */
function readQuote(lines: string[], start: number, reader: BlockReader): Read {
  const inside: string[] = []
  let next = start
  for (; next < lines.length && (lines[next] ?? '').trim() !== ''; next += 1)
    inside.push((lines[next] ?? '').replace(/^ {0,3}> ?/, ''))
  return {
    html: `<blockquote>\n${joinBlocks(readBlocks(inside, { ...reader, depth: reader.depth + 1 }))}\n</blockquote>`,
    next,
  }
}

const rule = /^ {0,3}([-*_])(?: *\1){2,} *$/
// `[//]: # (a note)` is a definition for links: nothing of it shows. Programs keep their marks so.
const definition = /^ {0,3}\[[^\]]{1,999}\]: *\S/
const fenced = /^ {0,3}(?:`{3}[^`]*|~{3}.*|`{4,}|~{4,})$/
const quoted = /^ {0,3}>/

/** What ends a paragraph without an empty line. Lists and tables do not: recorded. */
function interrupts(line: string, reader: BlockReader): boolean {
  if (/^#{1,6} +/.test(line) || definition.test(line) || fenced.test(line) || rule.test(line)) return true
  return quoted.test(line) && reader.depth < deepest
}

function readSpecial(lines: string[], at: number, reader: BlockReader): Read | undefined {
  const line = lines[at] ?? ''
  if (definition.test(line)) return { html: '', next: at + 1 }
  if (fenced.test(line)) return readFence(lines, at)
  if (line.startsWith('    ')) return readIndentedCode(lines, at)
  const heading = readHeading(line, reader)
  if (heading !== undefined) return { html: heading, next: at + 1 }
  if (rule.test(line)) return { html: '<hr />', next: at + 1 }
  if (isTableAt(lines, at)) return readTable(lines, at, reader.inline)
  if (reader.depth >= deepest) return undefined
  if (quoted.test(line)) return readQuote(lines, at, reader)
  if (listAt(line) === undefined) return undefined
  return readList(lines, at, (inside) => readBlocks(inside, { ...reader, depth: reader.depth + 1 }))
}

/** A paragraph, or a heading when a line of `=` or `-` follows its first line. */
function readParagraph(lines: string[], start: number, reader: BlockReader): { block: Block; next: number } {
  const first = lines[start] ?? ''
  const under = /^(?:=+|-+) *$/.exec(lines[start + 1] ?? '')?.[0]
  if (under !== undefined) {
    const tag = under.startsWith('=') ? 'h1' : 'h2'
    return {
      block: { html: `<${tag}>${reader.inline(first.trim())}</${tag}>`, isParagraph: false },
      next: start + 2,
    }
  }
  const text = [first.trimStart()]
  let next = start + 1
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? ''
    if (line.trim() === '' || interrupts(line, reader)) break
    text.push(line.trimStart())
  }
  return { block: { html: reader.inline(text.join('\n').trimEnd()), isParagraph: true }, next }
}

export function readBlocks(lines: string[], reader: BlockReader): Block[] {
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    if ((lines[at] ?? '').trim() === '') {
      at += 1
      continue
    }
    const special = readSpecial(lines, at, reader)
    if (special !== undefined) {
      if (special.html !== '') blocks.push({ html: special.html, isParagraph: false })
      at = special.next
    } else {
      const { block, next } = readParagraph(lines, at, reader)
      blocks.push(block)
      at = next
    }
  }
  return blocks
}
