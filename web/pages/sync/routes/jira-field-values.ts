import type { JiraField } from '../../../../contract/sync/jira-form.ts'

/** What is typed into the form for one field, out of the value Jira takes, and back. Empty: nothing is sent for it. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : ''
}

/** The id of what is chosen or of who is named. */
export function toId(value: unknown): string {
  return textAt(value, 'id') || textAt(value, 'accountId') || (typeof value === 'string' ? value : '')
}

export function toIds(value: unknown): string[] {
  return Array.isArray(value) ? value.map(toId).filter((id) => id !== '') : []
}

export function toWordList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Of a cascading field: what is chosen above, and below it. */
export function toCascade(value: unknown): { above: string; below: string } {
  return { above: toId(value), below: toId(at(value, 'child')) }
}

export function fromCascade({ above, below }: { above: string; below: string }): unknown {
  if (above === '') return undefined
  return below === '' ? { id: above } : { id: above, child: { id: below } }
}

/** A stored document as its plain text: paragraphs apart, one line each. */
export function toPlainText(value: unknown): string {
  if (typeof value === 'string') return value
  const blocks = at(value, 'content')
  return Array.isArray(blocks) ? blocks.map(textOf).join('\n\n') : ''
}

/** `2027-03-31T09:00` of the reader's own clock, as its input takes it. */
export function toLocalMoment(value: unknown): string {
  const at = typeof value === 'string' ? new Date(value) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function fromLocalMoment(text: string): string | undefined {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** Fields that must be there, and those one may fill besides. */
export function splitFields(fields: readonly JiraField[]): { required: JiraField[]; others: JiraField[] } {
  return {
    required: fields.filter((field) => field.is_required),
    others: fields.filter((field) => !field.is_required),
  }
}

function textOf(node: unknown): string {
  const text = at(node, 'text')
  if (typeof text === 'string') return text
  const content = at(node, 'content')
  return Array.isArray(content) ? content.map(textOf).join('') : ''
}

function textAt(value: unknown, key: string): string {
  const found = at(value, key)
  return typeof found === 'string' ? found : ''
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined
}
