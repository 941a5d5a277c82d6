import type { JsonObject } from '../../shared/json.ts'
import type { CustomField } from '../model.ts'
import type { Sim } from '../state.ts'

interface SystemField {
  id: string
  name: string
  schema: JsonObject
  clauseNames: string[]
}

function system(id: string, name: string, type: string, clauseNames: string[] = [id]): SystemField {
  return { id, name, schema: { type, system: id }, clauseNames }
}

export const systemFields: SystemField[] = [
  system('summary', 'Summary', 'string'),
  system('description', 'Description', 'string'),
  system('issuetype', 'Work type', 'issuetype', ['issuetype', 'type']),
  system('project', 'Project', 'project'),
  system('status', 'Status', 'status'),
  system('priority', 'Priority', 'priority'),
  { ...system('labels', 'Labels', 'array'), schema: { type: 'array', items: 'string', system: 'labels' } },
  system('assignee', 'Assignee', 'user'),
  system('reporter', 'Reporter', 'user'),
  system('creator', 'Creator', 'user'),
  system('duedate', 'Due date', 'date', ['due', 'duedate']),
  system('resolution', 'Resolution', 'resolution'),
  system('resolutiondate', 'Resolved', 'datetime', ['resolutiondate', 'resolved']),
  system('created', 'Created', 'datetime', ['created', 'createdDate']),
  system('updated', 'Updated', 'datetime', ['updated', 'updatedDate']),
  system('comment', 'Comment', 'comments-page'),
]

const plugin = 'com.atlassian.jira.plugin.system.customfieldtypes'
const kinds: Record<CustomField['kind'], JsonObject> = {
  select: { type: 'option', custom: `${plugin}:select` },
  text: { type: 'string', custom: `${plugin}:textfield` },
  labels: { type: 'array', items: 'string', custom: `${plugin}:labels` },
  long_text: { type: 'string', custom: `${plugin}:textarea` },
  number: { type: 'number', custom: `${plugin}:float` },
  date: { type: 'date', custom: `${plugin}:datepicker` },
  choices: { type: 'array', items: 'option', custom: `${plugin}:multiselect` },
  cascade: { type: 'option-with-child', custom: `${plugin}:cascadingselect` },
  person: { type: 'user', custom: `${plugin}:userpicker` },
  group: { type: 'group', custom: `${plugin}:grouppicker` },
}

export function customNumber(field: CustomField): number {
  return Number(field.id.replace('customfield_', ''))
}

export function customSchema(field: CustomField): JsonObject {
  return { ...kinds[field.kind], customId: customNumber(field) }
}

/** What `/field` lists. */
export function fieldList(sim: Sim): JsonObject[] {
  const custom = sim.customFields.map((one) => ({
    id: one.id,
    name: one.name,
    schema: customSchema(one),
    clauseNames: [`cf[${customNumber(one)}]`, one.name],
  }))
  return [...systemFields, ...custom].map((one) => ({
    ...one,
    key: one.id,
    custom: one.id.startsWith('customfield_'),
    orderable: true,
    navigable: one.id !== 'comment',
    searchable: true,
  }))
}
