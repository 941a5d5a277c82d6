import { at, hasKey, isObject, type JsonObject, stringAt } from '../../shared/json.ts'
import { checkDocument, notADocumentMessage, tooLongMessage } from '../adf/check-document.ts'
import { mayIn } from '../auth/permission.ts'
import { fieldErrors } from '../jira-error.ts'
import type { Issue, Person, Project } from '../model.ts'
import type { Sim } from '../state.ts'
import type { Edit } from './edit.ts'
import { readCustomValue } from './read-custom-value.ts'

interface Context {
  sim: Sim
  project: Project
  /** As it is before; null: about to be made. */
  issue: Issue | null
  edit: Edit
}

/** Takes a value over into the edit; answers what is wrong with it otherwise. */
type Reader = (context: Context, value: unknown) => string | undefined

const longestLine = 255

function readLabels(labels: unknown): string[] | string {
  if (!Array.isArray(labels)) return 'data was not an array'
  const found: string[] = []
  for (const label of labels) {
    if (typeof label !== 'string') return 'string expected at index 0'
    if (/\s/.test(label)) return `The label '${label}' contains spaces which is invalid.`
    if (label.length > longestLine) return `The label '${label}' exceeds the limit of ${longestLine} characters.`
    if (!found.includes(label)) found.push(label)
  }
  return found
}

/** `{accountId}` or `{id}`; null is nobody, undefined nobody we know. */
function findPerson(sim: Sim, value: unknown): Person | null | undefined {
  if (value === null) return null
  const id = stringAt(value, 'accountId') ?? stringAt(value, 'id')
  return id === undefined && isObject(value) && at(value, 'accountId') === null
    ? null
    : sim.people.find((one) => one.accountId === id)
}

const readers: Record<string, Reader> = {
  summary: ({ edit }, value) => {
    if (typeof value !== 'string' || value.trim() === '') return 'You must specify a summary of the issue.'
    if (value.length > longestLine) return `Summary must be less than ${longestLine} characters.`
    if (/[\r\n]/.test(value)) return 'The summary is invalid because it contains newline characters.'
    edit.summary = value.trim()
    return undefined
  },
  description: ({ sim, edit }, value) => {
    if (value === null) {
      edit.description = null
      return undefined
    }
    const checked = checkDocument(value, sim.switches)
    if (checked.kind === 'not_a_document') return notADocumentMessage
    if (checked.kind === 'too_long') return tooLongMessage
    edit.description = checked.document
    return undefined
  },
  priority: ({ sim, edit }, value) => {
    const [id, name] = [stringAt(value, 'id'), stringAt(value, 'name')]
    const found = sim.priorities.find((one) => (id === undefined ? one.name === name : one.id === id))
    if (found === undefined)
      return id === undefined ? `Priority name '${name ?? ''}' is not valid` : 'The priority selected is invalid.'
    edit.priority = found
    return undefined
  },
  labels: ({ edit }, value) => {
    const labels = readLabels(value)
    if (typeof labels === 'string') return labels
    edit.labels = labels
    return undefined
  },
  assignee: ({ sim, project, edit }, value) => {
    const person = findPerson(sim, value)
    if (person === undefined) return 'Specify a valid value for assignee'
    if (person !== null && !mayIn(project, person, 'work'))
      return `User '${person.accountId}' cannot be assigned issues.`
    edit.assignee = person
    return undefined
  },
  reporter: ({ sim, edit }, value) => {
    const person = findPerson(sim, value)
    if (person === undefined || person === null) return 'The reporter specified is not a user.'
    edit.reporter = person
    return undefined
  },
  duedate: ({ edit }, value) => {
    if (value === null) {
      edit.dueDate = null
      return undefined
    }
    const isDay = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    if (!isDay) return `Error parsing date string: ${typeof value === 'string' ? value : JSON.stringify(value)}`
    edit.dueDate = value
    return undefined
  },
  resolution: ({ sim, edit }, value) => {
    const [id, name] = [stringAt(value, 'id'), stringAt(value, 'name')]
    const found = sim.resolutions.find((one) => (id === undefined ? one.name === name : one.id === id))
    if (found === undefined) return `Resolution name '${name ?? ''}' is not valid`
    edit.resolution = found
    return undefined
  },
}

function readOne(context: Context, name: string, value: unknown): string | undefined {
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined
  if (reader !== undefined) return reader(context, value)
  const custom = context.project.customFields.find((one) => one.field.id === name)?.field
  if (custom === undefined) return notOnScreen(name)
  const read = readCustomValue(custom, value, context.sim)
  if (read.kind === 'problem') return read.message
  context.edit.custom.set(name, read.value)
  return undefined
}

function notOnScreen(name: string): string {
  return `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`
}

/** `[{set},{add},{remove}]` on labels; only `{set}` on the others. */
function readOperations(context: Context, name: string, operations: unknown): string | undefined {
  if (!Array.isArray(operations)) return 'Operations must be an array.'
  for (const operation of operations) {
    if (hasKey(operation, 'set')) {
      const problem = readOne(context, name, at(operation, 'set'))
      if (problem !== undefined) return problem
      continue
    }
    const [add, remove] = [at(operation, 'add'), at(operation, 'remove')]
    if (name !== 'labels' || (add === undefined && remove === undefined))
      return `Field '${name}' does not support this operation.`
    const now = context.edit.labels ?? context.issue?.labels ?? []
    const labels = readLabels(add === undefined ? now.filter((one) => one !== remove) : [...now, add])
    if (typeof labels === 'string') return labels
    context.edit.labels = labels
  }
  return undefined
}

function readComments(sim: Sim, operations: unknown): { comments: JsonObject[]; problem: string | undefined } {
  const comments: JsonObject[] = []
  for (const operation of Array.isArray(operations) ? operations : []) {
    const checked = checkDocument(at(operation, 'add', 'body'), sim.switches)
    if (checked.kind === 'not_a_document') return { comments, problem: 'Comment body is not valid!' }
    if (checked.kind === 'too_long') return { comments, problem: tooLongMessage }
    comments.push(checked.document)
  }
  return { comments, problem: undefined }
}

interface Wanted {
  project: Project
  issue: Issue | null
  /** Ids of the fields that may be set. */
  screen: ReadonlySet<string>
  body: unknown
}

export interface ReadEdit {
  edit: Edit
  comments: JsonObject[]
}

/** Reads `fields` and `update` of a body. Throws Jira's 400 naming every field that is wrong. */
export function readEdit(sim: Sim, wanted: Wanted, problems: Record<string, string> = {}): ReadEdit {
  const { project, issue, screen, body } = wanted
  const context: Context = { sim, project, issue, edit: { custom: new Map() } }
  const errors: Record<string, string> = { ...problems }
  const note = (name: string, problem: string | undefined): void => {
    if (problem !== undefined) errors[name] ??= problem
  }
  const [fields, update] = [at(body, 'fields'), at(body, 'update')]
  for (const [name, value] of isObject(fields) ? Object.entries(fields) : []) {
    if (name === 'project' || name === 'issuetype') {
      if (issue !== null) note(name, notOnScreen(name))
    } else note(name, screen.has(name) ? readOne(context, name, value) : notOnScreen(name))
  }
  let comments: JsonObject[] = []
  for (const [name, operations] of isObject(update) ? Object.entries(update) : []) {
    if (hasKey(fields, name)) note(name, `Field '${name}' cannot appear in both 'fields' and 'update'`)
    else if (name === 'comment') {
      const read = readComments(sim, operations)
      comments = read.comments
      note(name, read.problem)
    } else note(name, screen.has(name) ? readOperations(context, name, operations) : notOnScreen(name))
  }
  if (Object.keys(errors).length > 0) throw fieldErrors(errors)
  return { edit: context.edit, comments }
}
