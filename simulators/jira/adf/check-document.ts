import { isJsonObject, isObject, type JsonObject, toJson } from '../../shared/json.ts'
import type { Switches } from '../switches.ts'
import { documentToText } from './document-to-text.ts'

/** https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ : the nodes a tracker meets. */
const blocks = new Set([
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'listItem',
  'taskList',
  'taskItem',
  'codeBlock',
  'blockquote',
  'panel',
  'rule',
  'table',
  'tableRow',
  'tableHeader',
  'tableCell',
  'expand',
  'nestedExpand',
  'mediaSingle',
  'mediaGroup',
  'media',
  'blockCard',
  'decisionList',
  'decisionItem',
])
const inlines = new Set(['text', 'hardBreak', 'mention', 'emoji', 'inlineCard', 'date', 'status', 'mediaInline'])
const marks = new Set(['strong', 'em', 'code', 'link', 'strike', 'underline', 'subsup', 'textColor', 'backgroundColor'])
/** Nodes whose content is text and the like; the others hold blocks. */
const holdsInlines = new Set(['paragraph', 'heading', 'codeBlock', 'taskItem', 'decisionItem'])
const longestText = 32_767
const deepest = 60

function hasGoodMarks(node: Record<string, unknown>): boolean {
  const given = node['marks']
  if (given === undefined) return true
  if (!Array.isArray(given)) return false
  return given.every((mark) => {
    if (!isObject(mark) || typeof mark['type'] !== 'string' || !marks.has(mark['type'])) return false
    return mark['type'] !== 'link' || (isObject(mark['attrs']) && typeof mark['attrs']['href'] === 'string')
  })
}

function isGoodNode(node: unknown, place: { isInline: boolean; depth: number }): boolean {
  if (!isObject(node) || place.depth > deepest) return false
  const type = node['type']
  if (typeof type !== 'string' || !(place.isInline ? inlines : blocks).has(type)) return false
  if (type === 'text' && (typeof node['text'] !== 'string' || node['text'] === '')) return false
  if (type === 'heading') {
    const level = isObject(node['attrs']) ? node['attrs']['level'] : undefined
    if (typeof level !== 'number' || level < 1 || level > 6) return false
  }
  const content = node['content']
  if (!hasGoodMarks(node)) return false
  if (content === undefined) return true
  return (
    Array.isArray(content) &&
    content.every((child) => isGoodNode(child, { isInline: holdsInlines.has(type), depth: place.depth + 1 }))
  )
}

export type Checked = { kind: 'good'; document: JsonObject } | { kind: 'not_a_document' } | { kind: 'too_long' }

/** Tells an Atlassian document from anything else, and one over the limit from one within it. */
export function checkDocument(value: unknown, switches: Switches): Checked {
  if (!isObject(value) || value['type'] !== 'doc' || value['version'] !== 1) return { kind: 'not_a_document' }
  const { content } = value
  if (!Array.isArray(content) || !content.every((node) => isGoodNode(node, { isInline: false, depth: 0 })))
    return { kind: 'not_a_document' }
  const document = toJson(value)
  if (!isJsonObject(document)) return { kind: 'not_a_document' }
  const length = switches.textLimitCounts === 'text' ? documentToText(document).length : JSON.stringify(document).length
  return length > longestText ? { kind: 'too_long' } : { kind: 'good', document }
}

export const tooLongMessage = 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.'
export const notADocumentMessage = 'Operation value must be an Atlassian Document (see the Atlassian Document Format)'
