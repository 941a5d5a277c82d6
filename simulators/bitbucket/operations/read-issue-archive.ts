import { at, isObject, numberAt, parseJson, stringAt } from '../../shared/json.ts'
import { readZip, type ZipEntry } from '../../shared/zip.ts'
import {
  type Issue,
  type IssueChange,
  type IssueDefaults,
  issueKinds,
  issuePriorities,
  issueStates,
  type TrackerPart,
} from '../model/issue-tracker.ts'
import type { Comment, Person } from '../model.ts'
import type { Sim } from '../state.ts'
import { newComment } from './issue-comments.ts'
import { databaseName } from './write-issue-archive.ts'

export interface ReadTracker {
  issues: Issue[]
  component: TrackerPart[]
  milestone: TrackerPart[]
  version: TrackerPart[]
  defaults: IssueDefaults
}

interface Reading {
  sim: Sim
  database: unknown
  files: ZipEntry[]
  parts: Pick<ReadTracker, 'component' | 'milestone' | 'version'>
}

function listAt(value: unknown, key: string): unknown[] {
  const found = at(value, key)
  return Array.isArray(found) ? found : []
}

function dateAt(sim: Sim, record: unknown, key: string): string {
  const text = stringAt(record, key)
  return text === undefined || Number.isNaN(Date.parse(text)) ? sim.now() : text
}

function oneOf<T extends string>(choices: readonly T[], value: string | undefined, usual: T): T {
  return choices.find((one) => one === value) ?? usual
}

/** What names somebody or something that is not here stands for nobody and nothing. */
function personAt(sim: Sim, record: unknown, key: string): Person | null {
  const id = stringAt(record, key, 'account_id')
  return sim.people.find((one) => one.accountId === id) ?? null
}

function peopleAt(sim: Sim, record: unknown, key: string): Person[] {
  const ids = listAt(record, key).map((one) => stringAt(one, 'account_id'))
  return sim.people.filter((one) => ids.includes(one.accountId))
}

/** A comment has to have an author: people the simulator does not know appear by name alone. */
function authorAt(sim: Sim, record: unknown): Person {
  const known = personAt(sim, record, 'user')
  if (known !== null) return known
  return {
    kind: 'user',
    uuid: sim.newUuid(),
    accountId: stringAt(record, 'user', 'account_id') ?? '',
    username: '',
    displayName: stringAt(record, 'user', 'display_name') ?? 'Former user',
    email: '',
    password: '',
    role: '',
    createdOn: sim.now(),
  }
}

function partAt(parts: readonly TrackerPart[], record: unknown, key: string): TrackerPart | null {
  return parts.find((one) => one.name === stringAt(record, key)) ?? null
}

/** Comments get new ids; the changes that wrote them keep theirs in step. */
function readTalk(reading: Reading, issueId: number): Pick<Issue, 'comments' | 'changes'> {
  const { sim, database } = reading
  const isOfIssue = (record: unknown) => numberAt(record, 'issue') === issueId
  const logs = listAt(database, 'logs').filter(isOfIssue)
  const comments: Comment[] = []
  const changes: IssueChange[] = []
  for (const record of listAt(database, 'comments').filter(isOfIssue)) {
    const date = dateAt(sim, record, 'created_on')
    const comment = newComment({
      id: sim.newId(),
      author: authorAt(sim, record),
      raw: stringAt(record, 'content') ?? null,
      date,
    })
    comment.updatedOn = stringAt(record, 'updated_on') === undefined ? date : dateAt(sim, record, 'updated_on')
    comments.push(comment)
    const mine = logs.filter((log) => numberAt(log, 'comment') === numberAt(record, 'id'))
    if (mine.length > 0) changes.push(toChange(comment, mine))
  }
  return { comments, changes }
}

function toChange(comment: Comment, logs: unknown[]): IssueChange {
  const fields = logs.map((log) => {
    const field = stringAt(log, 'field') ?? ''
    const values = { old: stringAt(log, 'changed_from') ?? '', new: stringAt(log, 'changed_to') ?? '' }
    return [field === 'status' ? 'state' : field, values] as const
  })
  return {
    id: comment.id,
    person: comment.author,
    createdOn: comment.createdOn,
    changes: Object.fromEntries(fields),
    raw: comment.raw,
  }
}

function readAttachments({ sim, database, files }: Reading, issueId: number): Issue['attachments'] {
  return listAt(database, 'attachments')
    .filter((record) => numberAt(record, 'issue') === issueId)
    .flatMap((record) => {
      const file = files.find((one) => one.path === stringAt(record, 'path'))
      const name = stringAt(record, 'filename')
      if (file === undefined || name === undefined) return []
      const uploader = personAt(sim, record, 'user')
      return [{ name, contentType: 'application/octet-stream', bytes: file.bytes, uploader }]
    })
}

function readIssue(reading: Reading, record: unknown): Issue | undefined {
  const { sim, parts } = reading
  const id = numberAt(record, 'id')
  const title = stringAt(record, 'title')
  if (id === undefined || !Number.isInteger(id) || id < 1 || title === undefined) return undefined
  const createdOn = dateAt(sim, record, 'created_on')
  const later = (key: string) => (stringAt(record, key) === undefined ? createdOn : dateAt(sim, record, key))
  return {
    id,
    title,
    raw: stringAt(record, 'content') ?? '',
    state: oneOf(issueStates, stringAt(record, 'status'), 'new'),
    kind: oneOf(issueKinds, stringAt(record, 'kind'), 'bug'),
    priority: oneOf(issuePriorities, stringAt(record, 'priority'), 'major'),
    reporter: personAt(sim, record, 'reporter'),
    assignee: personAt(sim, record, 'assignee'),
    component: partAt(parts.component, record, 'component'),
    milestone: partAt(parts.milestone, record, 'milestone'),
    version: partAt(parts.version, record, 'version'),
    createdOn,
    updatedOn: later('updated_on'),
    editedOn: stringAt(record, 'edited_on') ?? null,
    contentUpdatedOn: later('content_updated_on'),
    ...readTalk(reading, id),
    attachments: readAttachments(reading, id),
    voters: peopleAt(sim, record, 'voters'),
    watchers: peopleAt(sim, record, 'watchers'),
  }
}

function readDatabase(files: readonly ZipEntry[]): unknown {
  const entry = files.find((one) => one.path === databaseName)
  return entry === undefined ? undefined : parseJson(entry.bytes.toString('utf8'))
}

/** The tracker in an archive; undefined when there is none in it, or an issue without a number or title. */
export function readIssueArchive(sim: Sim, archive: Buffer): ReadTracker | undefined {
  const files = readZip(archive) ?? []
  const database = readDatabase(files)
  if (!isObject(database) || !Array.isArray(database['issues'])) return undefined
  const partsOf = (key: string) =>
    listAt(database, key).flatMap((record) => {
      const name = stringAt(record, 'name')
      return name === undefined ? [] : [{ id: sim.newId(), name }]
    })
  const parts = { component: partsOf('components'), milestone: partsOf('milestones'), version: partsOf('versions') }
  const reading: Reading = { sim, database, files, parts }
  const issues = database['issues'].map((record) => readIssue(reading, record))
  const whole = issues.filter((one) => one !== undefined)
  if (whole.length < issues.length || new Set(whole.map((one) => one.id)).size < whole.length) return undefined
  const meta = at(database, 'meta')
  return {
    issues: whole.toSorted((one, other) => one.id - other.id),
    ...parts,
    defaults: {
      kind: oneOf(issueKinds, stringAt(meta, 'default_kind'), 'bug'),
      assignee: personAt(sim, meta, 'default_assignee'),
      component: partAt(parts.component, meta, 'default_component'),
      milestone: partAt(parts.milestone, meta, 'default_milestone'),
      version: partAt(parts.version, meta, 'default_version'),
    },
  }
}
