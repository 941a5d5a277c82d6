import type * as z from 'zod'
import { severities } from '../../domain/severity.ts'
import type { CreateField } from '../../jira/create-field.ts'
import type { CheckedSettings } from '../checked-settings.ts'
import { isEmptyValue, readFieldValue } from './read-field-value.ts'
import { settings as schema } from './schema.ts'

type Settings = z.output<typeof schema>

/** What Weir fills itself: nobody is asked for it. */
const filledHere: ReadonlySet<string> = new Set(['project', 'issuetype', 'summary', 'description', 'labels'])
/** Filled here where there is something to fill it with; a fixed value goes before that. */
const filledSometimes: ReadonlySet<string> = new Set(['priority', 'duedate'])

/** The fields a person fills in for a route: required ones first, then in Jira's order; never those nobody can and nobody must fill. */
export function listFormFields(fields: readonly CreateField[]): CreateField[] {
  const asked = fields.filter(
    ({ id, kind, isRequired }) =>
      !filledHere.has(id) && (isRequired || (!filledSometimes.has(id) && id !== 'reporter' && kind !== 'other')),
  )
  return [...asked.filter(({ isRequired }) => isRequired), ...asked.filter(({ isRequired }) => !isRequired)]
}

/** Judges the settings of a route by the fields Jira has for its project and issue type. */
export function checkSettings(given: unknown, fields: readonly CreateField[]): CheckedSettings {
  const settings = schema.parse(given)
  const byId = new Map(fields.map((field) => [field.id, field]))
  const mistakes: Record<string, string> = {}
  const values: Record<string, unknown> = {}
  const notes: string[] = []
  for (const [id, wanted] of Object.entries(settings.fields)) {
    if (isEmptyValue(wanted)) continue
    const field = byId.get(id)
    if (field === undefined) {
      mistakes[`fields.${id}`] = `${id}: issues of this type have no such field. Leave it out.`
      continue
    }
    const read = readFieldValue(field, wanted)
    if (read.kind === 'value') values[id] = read.value
    else mistakes[`fields.${id}`] = `${field.name} ${read.sentence}`
  }
  for (const field of fields) {
    if (!field.isRequired || filledHere.has(field.id) || field.id in values || `fields.${field.id}` in mistakes)
      continue
    if (field.kind === 'other')
      notes.push(
        `${field.name} is required in Jira, and Weir cannot fill a field of this kind: nothing can be sent by this route until Jira gives it a default, or asks for it no more.`,
      )
    else if (field.id === 'duedate' && settings.dueDate)
      notes.push(
        `${field.name} is required in Jira: a vulnerability without a deadline cannot be sent unless the route has a fixed value.`,
      )
    else if (field.id !== 'priority' || severities.some((severity) => settings.priorities[severity] === undefined))
      mistakes[`fields.${field.id}`] = `${field.name} is required by Jira for issues of this type.`
  }
  return { settings: { ...settings, fields: values }, mistakes, notes: [...notes, ...noteUnseen(settings, byId)] }
}

/** What is left out when an issue is made, because the project has no place for it. */
function noteUnseen(settings: Settings, fields: ReadonlyMap<string, CreateField>): string[] {
  const notes: string[] = []
  const priority = fields.get('priority')
  const named = [...new Set(Object.values(settings.priorities))]
  if (priority === undefined) {
    if (named.length > 0)
      notes.push('Issues of this type have no priority on their screen: severities are not carried.')
  } else {
    const known = new Set(priority.choices.map(({ label }) => label))
    const unknown = named.filter((name) => !known.has(name))
    if (unknown.length > 0 && known.size > 0)
      notes.push(
        `Priority ${unknown.map((name) => `“${name}”`).join(', ')} is not known there: such issues get the priority Jira begins with. There are: ${[...known].join(', ')}.`,
      )
  }
  if (settings.dueDate && !fields.has('duedate'))
    notes.push('Issues of this type have no due date on their screen: deadlines are not carried.')
  if (!fields.has('labels'))
    notes.push(
      'Issues of this type have no labels on their screen: after a lost answer Weir finds its issue by number alone.',
    )
  return notes
}
