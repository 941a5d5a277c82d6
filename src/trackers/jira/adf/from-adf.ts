import type { BlockContent, List, ListItem, PhrasingContent, RootContent, TableCell, TableRow } from 'mdast'
import { gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown } from 'mdast-util-to-markdown'
import type { AdfNode } from './adf-document.ts'
import { isInline, text, toInlines } from './from-adf-inlines.ts'

/** `lost` names, once each, what Markdown has no words for; its text is kept where it has one. */
export type MarkdownResult = { markdown: string; lost: string[] }

/** A Jira document (or any node of one) as Markdown. Never throws; text is never dropped. */
export function fromAdf({ content = [] }: Pick<AdfNode, 'content'>): MarkdownResult {
  const lost = new Set<string>()
  const children = content.flatMap((node) => toBlock(node, lost))
  const markdown = toMarkdown(
    { type: 'root', children },
    {
      extensions: [gfmToMarkdown()],
      // A backslash is left alone before a letter; but that letter may become `&#xE9;`, whose first sign it would escape.
      unsafe: [{ character: '\\', inConstruct: 'phrasing' }],
      bullet: '-',
      rule: '-',
      fences: true,
      listItemIndent: 'one',
      emphasis: '*',
    },
  )
  return { markdown: markdown.trim(), lost: [...lost] }
}

function toBlock(node: AdfNode, lost: Set<string>): (RootContent & BlockContent)[] {
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
function unknownBlock(node: AdfNode, lost: Set<string>): (RootContent & BlockContent)[] {
  if (isInline(node)) return paragraph(toInlines([node], lost))
  lost.add(`“${node.type}” of Jira`)
  const { content = [] } = node
  if (content.some((child) => isInline(child))) return paragraph(toInlines(content, lost))
  return blocks(content, lost)
}

function blocks(content: readonly AdfNode[], lost: Set<string>): (RootContent & BlockContent)[] {
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

function toList(list: List, items: readonly AdfNode[], lost: Set<string>): List {
  return { ...list, children: items.flatMap((item) => toItem(item, lost)) }
}

function toItem(node: AdfNode, lost: Set<string>): ListItem[] {
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

function toRow({ content = [] }: AdfNode, lost: Set<string>): TableRow {
  return { type: 'tableRow', children: content.map((cell) => toCell(cell, lost)) }
}

/** A cell of Markdown is one line; what stood on several is joined by blanks. */
function toCell({ content = [], attrs = {} }: AdfNode, lost: Set<string>): TableCell {
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

function flattenInlines(node: AdfNode, lost: Set<string>): PhrasingContent[] {
  if (isInline(node)) return toInlines([node], lost)
  return (node.content ?? []).flatMap((child) => flattenInlines(child, lost))
}

function orderOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 1
}

function headingDepth(level: unknown): 1 | 2 | 3 | 4 | 5 | 6 {
  const depths = [1, 2, 3, 4, 5, 6] as const
  return depths.find((depth) => depth === level) ?? 6
}
