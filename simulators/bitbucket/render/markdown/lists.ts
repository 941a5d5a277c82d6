import type { Block } from './blocks.ts'

interface Item {
  /** Its first lines, without the sign and the indentation. */
  text: string[]
  /** What is indented under it, with one step of the indentation taken away. */
  inside: string[]
  /** An empty line in it or beside it: its text is a paragraph then. */
  loose: boolean
}

const signs = {
  ul: /^ {0,3}[-*+] +(?=\S)/,
  ol: /^ {0,3}\d{1,9}\. +(?=\S)/,
} as const

/** Which list a line begins. */
export function listAt(line: string): 'ul' | 'ol' | undefined {
  if (signs.ul.test(line)) return 'ul'
  return signs.ol.test(line) ? 'ol' : undefined
}

function isIndented(line: string): boolean {
  return line.startsWith('    ')
}

function addTo(item: Item, line: string): void {
  if (isIndented(line)) item.inside.push(line.slice(4))
  else if (item.inside.length > 0) item.inside.push(line.trimStart())
  else item.text.push(line.trimStart())
}

/** The lines of a list, from its first; four spaces belong to the item above, as Bitbucket reads them. */
function collect(lines: string[], start: number, tag: 'ul' | 'ol'): { items: Item[]; next: number } {
  const items: Item[] = []
  let next = start
  while (next < lines.length) {
    let gap = 0
    while (next + gap < lines.length && (lines[next + gap] ?? '').trim() === '') gap += 1
    const line = lines[next + gap]
    const last = items.at(-1)
    const isItem = line !== undefined && signs[tag].test(line)
    const goesOn = line !== undefined && (gap > 0 ? isIndented(line) : listAt(line) === undefined || isIndented(line))
    if (line === undefined || (!isItem && !goesOn)) break
    if (gap > 0 && last !== undefined) last.loose = true
    if (isItem) items.push({ text: [line.replace(signs[tag], '')], inside: [], loose: gap > 0 })
    else if (last !== undefined) {
      if (gap > 0) last.inside.push('')
      addTo(last, line)
    }
    next += gap + 1
  }
  return { items, next }
}

function renderItem({ text, inside, loose }: Item, parse: (lines: string[]) => Block[]): string {
  const blocks = [...parse(text), ...parse(inside)]
  const [first, ...rest] = blocks
  if (loose || first === undefined || !first.isParagraph)
    return `<li>\n${blocks.map((block) => (block.isParagraph ? `<p>${block.html}</p>` : block.html)).join('\n')}\n</li>`
  const below = rest.map((block) => (block.isParagraph ? `<p>${block.html}</p>` : block.html)).join('\n')
  return `<li>${first.html}${below}${below === '' ? '' : '\n'}</li>`
}

/** A list and the lists in it. */
export function readList(
  lines: string[],
  start: number,
  parse: (lines: string[]) => Block[],
): { html: string; next: number } {
  const tag = listAt(lines[start] ?? '') ?? 'ul'
  const { items, next } = collect(lines, start, tag)
  return { html: `<${tag}>\n${items.map((item) => renderItem(item, parse)).join('\n')}\n</${tag}>`, next }
}
