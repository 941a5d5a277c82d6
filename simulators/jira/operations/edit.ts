import type { Json, JsonObject } from '../../shared/json.ts'
import { documentToText } from '../adf/document-to-text.ts'
import type { ChangeItem, CustomField, Issue, Named, Person, Priority } from '../model.ts'

/** What somebody wants an issue to be; a missing key leaves that field alone. */
export interface Edit {
  summary?: string
  description?: JsonObject | null
  priority?: Priority
  labels?: string[]
  assignee?: Person | null
  reporter?: Person
  dueDate?: string | null
  resolution?: Named | null
  custom: Map<string, Json>
}

interface Shown {
  id: string | null
  text: string | null
}

const nothing: Shown = { id: null, text: null }

function text(value: string | null): Shown {
  return { id: null, text: value }
}

function textOf(document: JsonObject | null): Shown {
  return text(document === null ? null : documentToText(document))
}

function named(value: { id: string; name: string } | null): Shown {
  return value === null ? nothing : { id: value.id, text: value.name }
}

function person(value: Person | null): Shown {
  return value === null ? nothing : { id: value.accountId, text: value.displayName }
}

export function change(fieldId: string, from: Shown, to: Shown): ChangeItem {
  return { field: fieldId, fieldId, isCustom: false, from: from.id, fromText: from.text, to: to.id, toText: to.text }
}

export function changeOfNamed(
  fieldId: string,
  from: { id: string; name: string } | null,
  to: { id: string; name: string } | null,
): ChangeItem {
  return change(fieldId, named(from), named(to))
}

/** The text of a custom value, as change logs show it. */
export function customText(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(String).join(' ')
  return typeof value === 'object' && typeof value['value'] === 'string' ? value['value'] : JSON.stringify(value)
}

function applyCustom(issue: Issue, edit: Edit, fields: CustomField[]): ChangeItem[] {
  const items: ChangeItem[] = []
  for (const [id, value] of edit.custom) {
    const [from, to] = [customText(issue.custom.get(id)), customText(value)]
    if (value === null) issue.custom.delete(id)
    else issue.custom.set(id, value)
    if (from === to) continue
    const name = fields.find((one) => one.id === id)?.name ?? id
    items.push({ ...change(id, text(from), text(to)), field: name, isCustom: true })
  }
  return items
}

type Part = (issue: Issue, edit: Edit) => ChangeItem | undefined

const parts: Part[] = [
  (issue, { summary }) => {
    if (summary === undefined || summary === issue.summary) return undefined
    const item = change('summary', text(issue.summary), text(summary))
    issue.summary = summary
    return item
  },
  (issue, { description }) => {
    if (description === undefined || JSON.stringify(description) === JSON.stringify(issue.description)) return undefined
    const item = change('description', textOf(issue.description), textOf(description))
    issue.description = description
    return item
  },
  (issue, { priority }) => {
    if (priority === undefined || priority.id === issue.priority.id) return undefined
    const item = changeOfNamed('priority', issue.priority, priority)
    issue.priority = priority
    return item
  },
  (issue, { labels }) => {
    if (labels === undefined || labels.join(' ') === issue.labels.join(' ')) return undefined
    const item = change('labels', text(issue.labels.join(' ')), text(labels.join(' ')))
    issue.labels = labels
    return item
  },
  (issue, { assignee }) => {
    if (assignee === undefined || assignee?.accountId === issue.assignee?.accountId) return undefined
    const item = change('assignee', person(issue.assignee), person(assignee))
    issue.assignee = assignee
    return item
  },
  (issue, { reporter }) => {
    if (reporter === undefined || reporter.accountId === issue.reporter.accountId) return undefined
    const item = change('reporter', person(issue.reporter), person(reporter))
    issue.reporter = reporter
    return item
  },
  (issue, { dueDate }) => {
    if (dueDate === undefined || dueDate === issue.dueDate) return undefined
    const item = change('duedate', { id: issue.dueDate, text: issue.dueDate }, { id: dueDate, text: dueDate })
    issue.dueDate = dueDate
    return item
  },
  (issue, { resolution }) => {
    if (resolution === undefined || resolution?.id === issue.resolution?.id) return undefined
    const item = changeOfNamed('resolution', issue.resolution, resolution)
    issue.resolution = resolution
    return item
  },
]

/** Makes an issue what the edit says; answers what really changed, for its history. */
export function applyEdit(issue: Issue, edit: Edit, fields: CustomField[]): ChangeItem[] {
  const items = parts.map((part) => part(issue, edit)).filter((item) => item !== undefined)
  return [...items, ...applyCustom(issue, edit, fields)]
}
