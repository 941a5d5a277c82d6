import { at, ownValue, stringAt } from '../../shared/json.ts'
import { documentToText } from '../adf/document-to-text.ts'
import { findIssue, findProject } from '../auth/permission.ts'
import type { CustomField, Issue, Person, Status } from '../model.ts'
import type { Sim } from '../state.ts'

/** Who asks, and when: what names, functions and relative dates mean depends on it. */
export interface Asker {
  sim: Sim
  person: Person | null
  now: number
}

/** How a field of JQL is compared. */
export type JqlField =
  /** One or several names; `known` refuses values that do not exist. */
  | {
      kind: 'names'
      of: (issue: Issue) => string[]
      /** The names a value stands for; undefined: there is no such thing. */
      resolve: (value: string, asker: Asker) => string | undefined
      /** For ORDER BY. */
      rank?: (issue: Issue) => number | string
    }
  | { kind: 'text'; of: (issue: Issue) => string }
  | { kind: 'moment'; of: (issue: Issue, asker: Asker) => number | null }

const lower = (text: string): string => text.toLowerCase()

function statusesOf(sim: Sim): Status[] {
  return sim.projects.flatMap((one) => one.workflow.statuses)
}

function person(of: (issue: Issue) => Person | null): JqlField {
  return {
    kind: 'names',
    of: (issue) => [of(issue)?.accountId ?? []].flat(),
    resolve: (value, { sim }) =>
      sim.people.find((one) => one.accountId === value || one.email === lower(value))?.accountId,
  }
}

/** The moment a search index that lags behind knows of. */
function indexedUpdate(issue: Issue, { sim, now }: Asker): number {
  const horizon = now - sim.switches.searchIndexDelayMs
  if (sim.switches.searchIndexDelayMs === 0) return issue.updated
  return issue.touches.findLast((one) => one <= horizon) ?? issue.created
}

const keyField: JqlField = {
  kind: 'names',
  of: (issue) => [issue.key, issue.id],
  resolve: (value, { sim }) => findIssue(sim, value)?.key,
  // By project, then by number.
  rank: (issue) => `${issue.project.key}-${String(issue.number).padStart(9, '0')}`,
}

const categoryNames: Record<string, string> = {
  new: 'new',
  'to do': 'new',
  '2': 'new',
  indeterminate: 'indeterminate',
  'in progress': 'indeterminate',
  '4': 'indeterminate',
  done: 'done',
  '3': 'done',
}

function dayOf(date: string | null): number | null {
  return date === null ? null : Date.parse(`${date}T00:00:00Z`)
}

const known: Record<string, JqlField> = {
  key: keyField,
  project: {
    kind: 'names',
    of: (issue) => [issue.project.id],
    resolve: (value, { sim, person: viewer }) =>
      (findProject(sim, viewer, value) ?? sim.projects.find((one) => lower(one.name) === lower(value)))?.id,
    rank: (issue) => issue.project.key,
  },
  status: {
    kind: 'names',
    of: (issue) => [issue.status.id],
    resolve: (value, { sim }) =>
      statusesOf(sim).find((one) => lower(one.name) === lower(value) || one.id === value)?.id,
    rank: (issue) => issue.status.id,
  },
  statuscategory: {
    kind: 'names',
    of: (issue) => [issue.status.category],
    resolve: (value) => categoryNames[lower(value)],
  },
  priority: {
    kind: 'names',
    of: (issue) => [issue.priority.id],
    resolve: (value, { sim }) => sim.priorities.find((one) => lower(one.name) === lower(value) || one.id === value)?.id,
    // Highest is 1: ascending goes from lowest to highest.
    rank: (issue) => -Number(issue.priority.id),
  },
  issuetype: {
    kind: 'names',
    of: (issue) => [lower(issue.type.name)],
    resolve: (value, { sim }) => {
      const types = sim.projects.flatMap((one) => one.issueTypes)
      const found = types.find((one) => lower(one.name) === lower(value) || one.id === value)
      return found === undefined ? undefined : lower(found.name)
    },
  },
  resolution: {
    kind: 'names',
    of: (issue) => (issue.resolution === null ? [] : [issue.resolution.id]),
    resolve: (value, { sim }) =>
      lower(value) === 'unresolved'
        ? 'unresolved'
        : sim.resolutions.find((one) => lower(one.name) === lower(value) || one.id === value)?.id,
  },
  labels: { kind: 'names', of: (issue) => issue.labels, resolve: (value) => value },
  assignee: person((issue) => issue.assignee),
  reporter: person((issue) => issue.reporter),
  creator: person((issue) => issue.creator),
  summary: { kind: 'text', of: (issue) => issue.summary },
  description: { kind: 'text', of: (issue) => documentToText(issue.description) },
  comment: { kind: 'text', of: (issue) => issue.comments.map((one) => documentToText(one.body)).join('\n') },
  text: {
    kind: 'text',
    of: (issue) =>
      [issue.summary, documentToText(issue.description), ...issue.comments.map((one) => documentToText(one.body))].join(
        '\n',
      ),
  },
  created: { kind: 'moment', of: (issue) => issue.created },
  updated: { kind: 'moment', of: indexedUpdate },
  resolved: { kind: 'moment', of: (issue) => issue.resolved },
  statuscategorychangeddate: { kind: 'moment', of: (issue) => issue.statusChanged },
  duedate: { kind: 'moment', of: (issue) => dayOf(issue.dueDate) },
}

const synonyms: Record<string, string> = {
  issuekey: 'key',
  issue: 'key',
  id: 'key',
  type: 'issuetype',
  due: 'duedate',
  resolutiondate: 'resolved',
  createddate: 'created',
  updateddate: 'updated',
}

function customField(field: CustomField): JqlField {
  const textOf = (issue: Issue): string => {
    const value = issue.custom.get(field.id)
    return typeof value === 'string' ? value : (stringAt(value, 'value') ?? '')
  }
  if (field.kind === 'text' || field.kind === 'long_text') return { kind: 'text', of: textOf }
  return {
    kind: 'names',
    of: (issue) => {
      const value = issue.custom.get(field.id)
      if (Array.isArray(value)) return value.map(String)
      return at(value, 'value') === undefined ? [] : [textOf(issue)]
    },
    resolve: (value) => {
      if (field.kind === 'labels') return value
      return field.options.find((one) => lower(one.value) === lower(value) || one.id === value)?.value
    },
  }
}

/** The field a name in JQL stands for; undefined when there is none. */
export function findJqlField(sim: Sim, name: string): JqlField | undefined {
  const key = lower(name)
  const short = ownValue(synonyms, key) ?? key
  if (Object.hasOwn(known, short)) return known[short]
  const custom = sim.customFields.find(
    (one) => lower(one.name) === key || `cf[${one.id.replace('customfield_', '')}]` === key || one.id === key,
  )
  return custom === undefined ? undefined : customField(custom)
}
