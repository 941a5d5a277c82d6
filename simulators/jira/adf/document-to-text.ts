import { at, stringAt } from '../../shared/json.ts'

function children(node: unknown): unknown[] {
  const content = at(node, 'content')
  return Array.isArray(content) ? content : []
}

function inline(node: unknown): string {
  switch (stringAt(node, 'type')) {
    case 'text':
      return stringAt(node, 'text') ?? ''
    case 'hardBreak':
      return '\n'
    case 'mention':
      return stringAt(node, 'attrs', 'text') ?? ''
    case 'emoji':
      return stringAt(node, 'attrs', 'shortName') ?? ''
    case 'inlineCard':
    case 'blockCard':
      return stringAt(node, 'attrs', 'url') ?? ''
    case 'status':
      return stringAt(node, 'attrs', 'text') ?? ''
    case undefined:
    default:
      return ''
  }
}

const inlineHolders = new Set(['paragraph', 'heading', 'codeBlock', 'taskItem', 'decisionItem'])

function block(node: unknown): string {
  const type = stringAt(node, 'type') ?? ''
  if (inlineHolders.has(type)) {
    const text = children(node).map(inline).join('')
    if (type === 'codeBlock') return `{code}\n${text}\n{code}`
    const level = at(node, 'attrs', 'level')
    return type === 'heading' && typeof level === 'number' ? `h${level}. ${text}` : text
  }
  if (type === 'rule') return '----'
  if (type === 'blockCard') return inline(node)
  if (type === 'bulletList')
    return children(node)
      .map((item) => `* ${block(item)}`)
      .join('\n')
  if (type === 'orderedList')
    return children(node)
      .map((item) => `# ${block(item)}`)
      .join('\n')
  return children(node).map(block).join('\n')
}

/** What an Atlassian document says, in the plain text (wiki marks for lists, headings and code) that webhooks carry. */
export function documentToText(document: unknown): string {
  return children(document).map(block).join('\n\n')
}
