import type { PhrasingContent } from 'mdast'
import type { AdfMark, AdfNode } from './adf-document.ts'
import { accountPattern } from './list-mentions.ts'
import { isSafeLink } from './safe-link.ts'

/** Names of what got no words, added to on the way. */
type Lost = Set<string>

/** Neighbours under the same mark are one: two of them side by side would read as something else. */
export function toInlines(content: readonly AdfNode[], lost: Lost): PhrasingContent[] {
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

function orderOf({ type }: AdfMark): number {
  return markOrder.includes(type) ? markOrder.indexOf(type) : markOrder.length
}

/** The mark that reaches furthest from here stands outside of the others. */
function longestMark(content: readonly AdfNode[], start: number): { mark: AdfMark | undefined; end: number } {
  const { type, marks = [] } = content[start] ?? { type: '' }
  const [longest] = (type === 'text' ? marks : [])
    .filter(({ type: name }) => name !== 'code')
    .map((mark) => ({ mark, end: runEnd(content, start, mark) }))
    .toSorted((a, b) => b.end - a.end || orderOf(a.mark) - orderOf(b.mark))
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
      return mention(text(attrs['id']), text(attrs['text']))
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
      // The file itself is an attachment of the issue, and comes as one.
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

/** By the account, whatever it is called: raw, so that nothing of it is escaped. */
function mention(id: string, shown: string): PhrasingContent[] {
  return accountPattern.test(id) ? [{ type: 'html', value: `@{${id}}` }] : plain(shown || '@somebody')
}

function code(value: string): PhrasingContent[] {
  return value === '' ? [] : [{ type: 'inlineCode', value }]
}

function plain(value: string): PhrasingContent[] {
  return value === '' ? [] : [{ type: 'text', value }]
}

/** A text of a node's attributes; empty when it has none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
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

/** Whether a node stands in a line of text. */
export function isInline({ type }: AdfNode): boolean {
  return inlines.has(type)
}
