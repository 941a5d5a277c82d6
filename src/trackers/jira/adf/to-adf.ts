import type { BlockContent, DefinitionContent, List, ListItem, Nodes, PhrasingContent, RootContent, Table } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { AdfDocument, AdfMark, AdfNode } from './adf-document.ts'
import { isSafeLink } from './safe-link.ts'

/** `lost` names, once each and in the reader's words, what the format has no place for; its text is in the document. */
export type AdfResult = { document: AdfDocument; lost: string[] }

type Place = { definitions: ReadonlyMap<string, string>; lost: Set<string>; named: ReadonlyMap<string, string> }
type Block = RootContent | BlockContent | DefinitionContent

/**
 * Markdown (CommonMark with tables, task lists and strike-through) as a Jira document. `@{account}` mentions the accounts
 * of `named`; what else looks like a mention or a key is text, as everything in a document is. Never throws; never drops text.
 */
export function toAdf(markdown: string, named: ReadonlyMap<string, string> = new Map()): AdfResult {
  const root = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  const definitions = new Map<string, string>()
  for (const node of root.children) if (node.type === 'definition') definitions.set(node.identifier, node.url)
  const place: Place = { definitions, lost: new Set(), named }
  const content = root.children.flatMap((node) => toBlocks(node, place))
  return { document: { type: 'doc', version: 1, content }, lost: [...place.lost] }
}

function toBlocks(node: Block, place: Place): AdfNode[] {
  switch (node.type) {
    case 'paragraph':
      return asParagraph(toInlines(node.children, [], place))
    case 'heading':
      return [{ type: 'heading', attrs: { level: node.depth }, content: toInlines(node.children, [], place) }]
    case 'code':
      return [codeBlock(node.value, node.lang ?? undefined)]
    case 'thematicBreak':
      return [{ type: 'rule' }]
    case 'blockquote':
      return [{ type: 'blockquote', content: within('blockquote', node.children, place) }]
    case 'list':
      return toList(node, place)
    case 'table':
      return [toTable(node, place)]
    case 'html':
      place.lost.add('HTML, which stands there as text')
      return asParagraph(textNodes(node.value, []))
    case 'footnoteDefinition':
      place.lost.add('footnotes, which stand there as paragraphs')
      return node.children.flatMap((child) => toBlocks(child, place))
    case 'definition':
    case 'yaml':
      return []
    default:
      return asParagraph(toInlines(isPhrasing(node) ? [node] : [], [], place))
  }
}

const allowed: Record<'blockquote' | 'listItem', ReadonlySet<string>> = {
  blockquote: new Set(['paragraph', 'bulletList', 'orderedList', 'codeBlock']),
  listItem: new Set(['paragraph', 'bulletList', 'orderedList', 'codeBlock']),
}

/** Quotes and list items hold no headings, quotes, tables or rules: what those say stands there as paragraphs. */
function within(parent: 'blockquote' | 'listItem', children: readonly Block[], place: Place): AdfNode[] {
  const content = children.flatMap((child) => toBlocks(child, place)).flatMap((node) => flatten(node, parent, place))
  return content.length === 0 ? [{ type: 'paragraph', content: [] }] : content
}

function flatten(node: AdfNode, parent: 'blockquote' | 'listItem', place: Place): AdfNode[] {
  if (allowed[parent].has(node.type)) return [node]
  place.lost.add(`a ${words[node.type] ?? node.type} inside a ${parent === 'blockquote' ? 'quote' : 'list'}`)
  if (node.type === 'heading') return [{ type: 'paragraph', content: node.content ?? [] }]
  if (node.type === 'rule') return []
  const inner = node.content ?? []
  if (inner.some((child) => child.type === 'text')) return [{ type: 'paragraph', content: inner }]
  return inner.flatMap((child) => flatten(child, parent, place))
}

const words: Readonly<Record<string, string>> = {
  heading: 'heading',
  blockquote: 'quote',
  table: 'table',
  tableRow: 'table',
  tableCell: 'table',
  tableHeader: 'table',
  rule: 'line',
  taskList: 'task list',
  taskItem: 'task list',
}

function toList(list: List, place: Place): AdfNode[] {
  if (list.children.length > 0 && list.children.every((item) => isPlainTask(item))) return [toTaskList(list, place)]
  const type = list.ordered === true ? 'orderedList' : 'bulletList'
  const start = list.ordered === true && typeof list.start === 'number' && list.start !== 1 ? list.start : undefined
  const content = list.children.map((item) => ({
    type: 'listItem',
    content: startWithParagraph([...checkMark(item), ...within('listItem', item.children, place)]),
  }))
  return [{ type, ...(start !== undefined && { attrs: { order: start } }), content }]
}

/** Tasks of Jira hold one line of text each; one that holds more stays an item of a list. */
function isPlainTask(item: ListItem): boolean {
  return typeof item.checked === 'boolean' && item.children.length === 1 && item.children[0]?.type === 'paragraph'
}

function checkMark({ checked }: ListItem): AdfNode[] {
  return typeof checked === 'boolean' ? [{ type: 'paragraph', content: textNodes(checked ? '☑' : '☐', []) }] : []
}

function toTaskList(list: List, place: Place): AdfNode {
  const content = list.children.map((item, index) => ({
    type: 'taskItem',
    attrs: { localId: String(index + 1), state: item.checked === true ? 'DONE' : 'TODO' },
    content: item.children.flatMap((child) => (child.type === 'paragraph' ? toInlines(child.children, [], place) : [])),
  }))
  return { type: 'taskList', attrs: { localId: 'list' }, content }
}

function startWithParagraph(content: AdfNode[]): AdfNode[] {
  const [first] = content
  return first?.type === 'paragraph' || first?.type === 'codeBlock'
    ? content
    : [{ type: 'paragraph', content: [] }, ...content]
}

function toTable(table: Table, place: Place): AdfNode {
  const rows = table.children.map((row, index) => ({
    type: 'tableRow',
    content: row.children.map((cell) => ({
      type: index === 0 ? 'tableHeader' : 'tableCell',
      content: [{ type: 'paragraph', content: toInlines(cell.children, [], place) }],
    })),
  }))
  return { type: 'table', content: rows }
}

function toInlines(nodes: readonly PhrasingContent[], marks: readonly AdfMark[], place: Place): AdfNode[] {
  return nodes.flatMap((node) => toInline(node, marks, place))
}

function toInline(node: PhrasingContent, marks: readonly AdfMark[], place: Place): AdfNode[] {
  switch (node.type) {
    case 'text':
      return withMentions(node.value.replaceAll('\n', ' '), marks, place)
    case 'inlineCode':
      // The format lets code be a link and nothing else beside.
      return textNodes(node.value, [...marks.filter(({ type }) => type === 'link'), { type: 'code' }])
    case 'strong':
      return toInlines(node.children, withMark(marks, { type: 'strong' }), place)
    case 'emphasis':
      return toInlines(node.children, withMark(marks, { type: 'em' }), place)
    case 'delete':
      return toInlines(node.children, withMark(marks, { type: 'strike' }), place)
    case 'break':
      return [{ type: 'hardBreak' }]
    case 'link':
      return toInlines(node.children, linkMarks(node.url, marks, place), place)
    case 'linkReference':
      return toInlines(node.children, linkMarks(place.definitions.get(node.identifier) ?? '', marks, place), place)
    case 'image':
      return imageLink({ alt: node.alt ?? '', url: node.url }, marks, place)
    case 'imageReference':
      return imageLink({ alt: node.alt ?? '', url: place.definitions.get(node.identifier) ?? '' }, marks, place)
    case 'html':
      place.lost.add('HTML, which stands there as text')
      return textNodes(node.value, marks)
    case 'footnoteReference':
      place.lost.add('footnotes, which stand there as paragraphs')
      return textNodes(`[${node.identifier}]`, marks)
    default:
      return node satisfies never
  }
}

/** A mention is a node of its own and takes no marks. */
function withMentions(text: string, marks: readonly AdfMark[], { named }: Place): AdfNode[] {
  return text.split(/(@\{[\w:.-]{1,128}\})/).flatMap((piece, index): AdfNode[] => {
    const id = index % 2 === 1 ? piece.slice(2, -1) : ''
    const name = named.get(id)
    return name === undefined ? textNodes(piece, marks) : [{ type: 'mention', attrs: { id, text: `@${name}` } }]
  })
}

/** Images belong to the tracker's own store; an address elsewhere is kept as a link. */
function imageLink({ alt, url }: { alt: string; url: string }, marks: readonly AdfMark[], place: Place): AdfNode[] {
  place.lost.add('images, which stand there as links')
  return textNodes(alt === '' ? url : alt, linkMarks(url, marks, place))
}

function linkMarks(url: string, marks: readonly AdfMark[], place: Place): AdfMark[] {
  if (isSafeLink(url)) return withMark(marks, { type: 'link', attrs: { href: url } })
  place.lost.add('links that are no web or mail address')
  return [...marks]
}

function withMark(marks: readonly AdfMark[], mark: AdfMark): AdfMark[] {
  return [...marks.filter(({ type }) => type !== mark.type), mark]
}

function textNodes(text: string, marks: readonly AdfMark[]): AdfNode[] {
  // The format knows no empty text, and a document with a control character is refused as a whole.
  const plain = text.replace(/[^\P{Cc}\t\n\r]/gu, '')
  if (plain === '') return []
  return [{ type: 'text', text: plain, ...(marks.length > 0 && { marks: [...marks] }) }]
}

function codeBlock(value: string, language: string | undefined): AdfNode {
  return { type: 'codeBlock', ...(language !== undefined && { attrs: { language } }), content: textNodes(value, []) }
}

function asParagraph(content: AdfNode[]): AdfNode[] {
  return content.length === 0 ? [] : [{ type: 'paragraph', content }]
}

const phrasing = new Set([
  'text',
  'inlineCode',
  'strong',
  'emphasis',
  'delete',
  'break',
  'link',
  'linkReference',
  'image',
  'imageReference',
  'footnoteReference',
])

function isPhrasing(node: Nodes): node is PhrasingContent {
  return phrasing.has(node.type)
}
