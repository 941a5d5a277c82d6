import type { BlockContent, List, ListItem, PhrasingContent, RootContent, TableCell, TableRow } from 'mdast'
import { gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown } from 'mdast-util-to-markdown'
import type { AdfMark, AdfNode } from './adf-document.ts'
import { isSafeLink } from './safe-link.ts'

/** `lost` names, once each, what Markdown has no words for; its text is kept where it has one. */
export type MarkdownResult = { markdown: string; lost: string[] }

/** A Jira document (or any node of one) as Markdown. Never throws; text is never dropped. */
export function fromAdf({ content = [] }: Pick<AdfNode, 'content'>): MarkdownResult {
  const lost = new Set<string>()
  const children = content.flatMap((node) => toBlock(node, lost))
  const markdown = toMarkdown(
    { type: 'root', children },
    { extensions: [gfmToMarkdown()], bullet: '-', rule: '-', fences: true, listItemIndent: 'one', emphasis: '*' },
  )
  return { markdown: markdown.trim(), lost: [...lost] }
}

type Lost = Set<string>

function toBlock(node: AdfNode, lost: Lost): (RootContent & BlockContent)[] {
  const { content = [], attrs = {} } = node
  switch (node.type) {
    case 'paragraph':
      return [{ type: 'paragraph', children: toInlines(content, lost) }]
    case 'heading':
      return [{ type: 'heading', depth: headingDepth(attrs['level']), children: toInlines(content, lost) }]
    case 'codeBlock':
      return [
        { type: 'code', lang: text(attrs['language']) || null, value: content.map((one) => one.text ?? '').join('') },
      ]
    case 'rule':
      return [{ type: 'thematicBreak' }]
    case 'blockquote':
      return [{ type: 'blockquote', children: blocks(content, lost) }]
    case 'panel':
      lost.add('the colour of panels')
      return [{ type: 'blockquote', children: blocks(content, lost) }]
    case 'expand':
    case 'nestedExpand':
      lost.add('folds, which are open here')
      return [...titled(text(attrs['title'])), ...blocks(content, lost)]
    case 'bulletList':
      return [toList({ type: 'list', ordered: false, spread: false, children: [] }, content, lost)]
    case 'orderedList':
      return [
        toList(
          { type: 'list', ordered: true, start: orderOf(attrs['order']), spread: false, children: [] },
          content,
          lost,
        ),
      ]
    case 'taskList':
    case 'decisionList':
      return [toList({ type: 'list', ordered: false, spread: false, children: [] }, content, lost)]
    case 'table':
      return [{ type: 'table', children: content.map((row) => toRow(row, lost)) }]
    case 'mediaSingle':
    case 'mediaGroup':
      return paragraph(toInlines(content, lost))
    case 'blockCard':
    case 'embedCard':
      return paragraph(toInlines([{ ...node, type: 'inlineCard' }], lost))
    default:
      return unknownBlock(node, lost)
  }
}

/** Layouts, macros and what is yet to come: what they hold is read, what they are is named. */
function unknownBlock(node: AdfNode, lost: Lost): (RootContent & BlockContent)[] {
  if (isInline(node)) return paragraph(toInlines([node], lost))
  lost.add(`“${node.type}” of Jira`)
  const { content = [] } = node
  if (content.some((child) => isInline(child))) return paragraph(toInlines(content, lost))
  return blocks(content, lost)
}

function blocks(content: readonly AdfNode[], lost: Lost): (RootContent & BlockContent)[] {
  return content.flatMap((node) => toBlock(node, lost))
}

function paragraph(children: PhrasingContent[]): (RootContent & BlockContent)[] {
  return children.length === 0 ? [] : [{ type: 'paragraph', children }]
}

function titled(title: string): (RootContent & BlockContent)[] {
  return title === ''
    ? []
    : [{ type: 'paragraph', children: [{ type: 'strong', children: [{ type: 'text', value: title }] }] }]
}

function toList(list: List, items: readonly AdfNode[], lost: Lost): List {
  return { ...list, children: items.flatMap((item) => toItem(item, lost)) }
}

function toItem(node: AdfNode, lost: Lost): ListItem[] {
  const { content = [], attrs = {} } = node
  switch (node.type) {
    case 'listItem':
      return [{ type: 'listItem', spread: false, children: blocks(content, lost) }]
    case 'taskItem':
      return [
        {
          type: 'listItem',
          spread: false,
          checked: attrs['state'] === 'DONE',
          children: paragraph(toInlines(content, lost)),
        },
      ]
    case 'decisionItem':
      lost.add('decisions, which are items of a list here')
      return [{ type: 'listItem', spread: false, children: paragraph(toInlines(content, lost)) }]
    default: {
      const children = toBlock(node, lost)
      return children.length === 0 ? [] : [{ type: 'listItem', spread: false, children }]
    }
  }
}

function toRow({ content = [] }: AdfNode, lost: Lost): TableRow {
  return { type: 'tableRow', children: content.map((cell) => toCell(cell, lost)) }
}

/** A cell of Markdown is one line; what stood on several is joined by blanks. */
function toCell({ content = [], attrs = {} }: AdfNode, lost: Lost): TableCell {
  if (Number(attrs['colspan'] ?? 1) > 1 || Number(attrs['rowspan'] ?? 1) > 1)
    lost.add('cells over several columns or rows')
  if (content.length > 1 || content.some((node) => node.type !== 'paragraph'))
    lost.add('paragraphs and lists in tables')
  const lines = content.map((node) => flattenInlines(node, lost)).filter((line) => line.length > 0)
  const children = lines.flatMap((line, index): PhrasingContent[] =>
    index === 0 ? line : [{ type: 'text', value: ' ' }, ...line],
  )
  return { type: 'tableCell', children }
}

function flattenInlines(node: AdfNode, lost: Lost): PhrasingContent[] {
  if (isInline(node)) return toInlines([node], lost)
  return (node.content ?? []).flatMap((child) => flattenInlines(child, lost))
}

/** Neighbours under the same mark are one: two of them side by side would read as something else. */
function toInlines(content: readonly AdfNode[], lost: Lost): PhrasingContent[] {
  const children: PhrasingContent[] = []
  for (let at = 0; at < content.length; ) {
    const node = content[at]
    if (node === undefined) break
    const { mark, end } = longestMark(content, at)
    const run = content.slice(at, end)
    if (mark === undefined) children.push(...toInline(node, lost))
    else
      children.push(
        ...wrap(
          toInlines(
            run.map((one) => without(one, mark)),
            lost,
          ),
          mark,
          lost,
        ),
      )
    at = end
  }
  return joinCode(children)
}

/** Two pieces of code side by side would share their back-ticks. */
function joinCode(children: readonly PhrasingContent[]): PhrasingContent[] {
  const joined: PhrasingContent[] = []
  for (const child of children) {
    const last = joined.at(-1)
    if (child.type === 'inlineCode' && last?.type === 'inlineCode')
      joined.splice(-1, 1, { type: 'inlineCode', value: last.value + child.value })
    else joined.push(child)
  }
  return joined
}

const markOrder = ['link', 'strong', 'em', 'strike']

/** The mark that reaches furthest from here stands outside of the others. */
function longestMark(content: readonly AdfNode[], start: number): { mark: AdfMark | undefined; end: number } {
  const { type, marks = [] } = content[start] ?? { type: '' }
  const order = ({ type: name }: AdfMark) => (markOrder.includes(name) ? markOrder.indexOf(name) : markOrder.length)
  const [longest] = (type === 'text' ? marks : [])
    .filter(({ type: name }) => name !== 'code')
    .map((mark) => ({ mark, end: runEnd(content, start, mark) }))
    .toSorted((a, b) => b.end - a.end || order(a.mark) - order(b.mark))
  return longest ?? { mark: undefined, end: start + 1 }
}

function runEnd(content: readonly AdfNode[], start: number, mark: AdfMark): number {
  const end = content.findIndex((node, index) => index > start && !(node.marks ?? []).some((one) => isSame(one, mark)))
  return end === -1 ? content.length : end
}

function isSame(a: AdfMark, b: AdfMark): boolean {
  return a.type === b.type && a.attrs?.['href'] === b.attrs?.['href']
}

function without(node: AdfNode, mark: AdfMark): AdfNode {
  return { ...node, marks: (node.marks ?? []).filter((one) => !isSame(one, mark)) }
}

function toInline(node: AdfNode, lost: Lost): PhrasingContent[] {
  const { attrs = {} } = node
  switch (node.type) {
    case 'text':
      return (node.marks ?? []).some(({ type }) => type === 'code') ? code(node.text ?? '') : plain(node.text ?? '')
    case 'hardBreak':
      return [{ type: 'break' }]
    case 'mention':
      return plain(text(attrs['text']) || '@somebody')
    case 'emoji':
      return plain(text(attrs['text']) || text(attrs['shortName']))
    case 'status':
      return plain(text(attrs['text']).toUpperCase())
    case 'date':
      return plain(dayOf(attrs['timestamp']))
    case 'inlineCard':
      return link(text(attrs['url']), plain(text(attrs['url'])))
    case 'media':
    case 'mediaInline':
      lost.add('files, which are attachments of the issue')
      return plain(`[${text(attrs['alt']) || 'file'}]`)
    default:
      lost.add(`“${node.type}” of Jira`)
      return node.text === undefined ? toInlines(node.content ?? [], lost) : plain(node.text)
  }
}

function wrap(children: PhrasingContent[], mark: AdfMark, lost: Lost): PhrasingContent[] {
  switch (mark.type) {
    case 'strong':
      return around(children, (inner) => ({ type: 'strong', children: inner }))
    case 'em':
      return around(children, (inner) => ({ type: 'emphasis', children: inner }))
    case 'strike':
      return around(children, (inner) => ({ type: 'delete', children: inner }))
    case 'link':
      return link(text(mark.attrs?.['href']), children)
    default:
      lost.add('underlines, colours and the like')
      return children
  }
}

/** Emphasis never begins or ends with a blank in Markdown: those stand outside of it. */
function around(children: PhrasingContent[], make: (inner: PhrasingContent[]) => PhrasingContent): PhrasingContent[] {
  const [first] = children
  const last = children.at(-1)
  const before = first?.type === 'text' ? (/^\s+/.exec(first.value)?.[0] ?? '') : ''
  const after = last?.type === 'text' ? (/\s+$/.exec(last.value)?.[0] ?? '') : ''
  const inner = children
    .map((child) => (child === first && child.type === 'text' ? { ...child, value: child.value.trimStart() } : child))
    .map((child, index) =>
      index === children.length - 1 && child.type === 'text' ? { ...child, value: child.value.trimEnd() } : child,
    )
    .filter((child) => child.type !== 'text' || child.value !== '')
  if (inner.length === 0) return children
  return [...plain(before), make(inner), ...plain(after)]
}

function link(url: string, children: PhrasingContent[]): PhrasingContent[] {
  const isNested = children.some((one) => one.type === 'link')
  return !isSafeLink(url) || isNested || children.length === 0 ? children : [{ type: 'link', url, children }]
}

function code(value: string): PhrasingContent[] {
  return value === '' ? [] : [{ type: 'inlineCode', value }]
}

function plain(value: string): PhrasingContent[] {
  return value === '' ? [] : [{ type: 'text', value }]
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function orderOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 1
}

function headingDepth(level: unknown): 1 | 2 | 3 | 4 | 5 | 6 {
  const depths = [1, 2, 3, 4, 5, 6] as const
  return depths.find((depth) => depth === level) ?? 6
}

/** Jira keeps milliseconds as a text. */
function dayOf(timestamp: unknown): string {
  const at = new Date(Number(timestamp))
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10)
}

const inlines = new Set([
  'text',
  'hardBreak',
  'mention',
  'emoji',
  'status',
  'date',
  'inlineCard',
  'mediaInline',
  'media',
])

function isInline({ type }: AdfNode): boolean {
  return inlines.has(type)
}
