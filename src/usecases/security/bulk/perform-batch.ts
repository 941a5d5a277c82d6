import { judgeMove, type MoveActor } from '../../../domain/status.ts'
import type { Db } from '../../../store/db.ts'
import type { SettledItem, WaitingItem } from '../../../store/security/bulk-change-items.ts'
import {
  type EditableRow,
  lockEditables,
  writeAssignees,
  writeRatings,
  writeTags,
} from '../../../store/security/bulk-edits.ts'
import { holdVulnerabilities } from '../../../store/security/vulnerabilities.ts'
import { insertVulnerabilityEvents, type NewVulnerabilityEvent } from '../../../store/security/vulnerability-events.ts'
import { queueFieldPushesOf } from '../../../store/sync/queue-field-pushes.ts'
import { queueSends } from '../../sync/queue-sends.ts'
import { sentAlready } from '../../sync/refuse-send.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { setDeadlines } from '../deadlines/set-deadlines.ts'
import { applyMoves } from '../vulnerabilities/apply-move.ts'
import { callAssignee } from '../vulnerabilities/call-assignee.ts'
import type { actorOf } from './bulk-request.ts'
import { rateLevel, toRating } from './ratings.ts'
import { already, conflict, gone, mergedAway, noMove, tooManyTags } from './refusals.ts'
import type { StoredChange } from './stored-change.ts'

type Perform<Kind extends StoredChange['kind']> = {
  organizationId: string
  bulkChangeId: string
  actor: ReturnType<typeof actorOf>
  moveActor: MoveActor
  change: Extract<StoredChange, { kind: Kind }>
}

type Outcome = Omit<SettledItem, 'vulnerability_id'>
const changed = (before: Outcome['before']): Outcome => ({ state: 'changed', reason: null, before })
const unchanged = (reason: string): Outcome => ({ state: 'unchanged', reason, before: null })
const refused = (reason: string): Outcome => ({ state: 'refused', reason, before: null })

export const maxTags = 50

/** Does to one batch what was asked for, in the caller's transaction; answers what came of each. */
export async function performBatch(
  deps: WriteDeps,
  tx: Db,
  work: Perform<Exclude<StoredChange['kind'], 'undo'>>,
  items: readonly WaitingItem[],
): Promise<SettledItem[]> {
  const ids = items.map((item) => item.vulnerabilityId)
  await holdVulnerabilities(tx, work.organizationId, { ids })
  const rows = new Map((await lockEditables(tx, work.organizationId, ids)).map((row) => [row.id, row]))
  const judged = items.map((item) => {
    const row = rows.get(item.vulnerabilityId)
    return { id: item.vulnerabilityId, row, verdict: judge(work, row, item) }
  })
  const todo = judged.flatMap(({ row, verdict }) => (verdict === 'do' && row !== undefined ? [row] : []))
  const done = await act(deps, tx, work, todo)
  return judged.map(({ id, verdict }) => ({
    vulnerability_id: id,
    ...(verdict === 'do' ? (done.get(id) ?? refused(gone)) : verdict),
  }))
}

type Work = Perform<Exclude<StoredChange['kind'], 'undo'>>

/** Whether to do it; a row that is as wanted, or that somebody else changed meanwhile, is left alone. */
function judge({ change, moveActor }: Work, row: EditableRow | undefined, { seen }: WaitingItem): Outcome | 'do' {
  if (row === undefined) return refused(gone)
  if (row.merged_into !== null) return refused(mergedAway)
  switch (change.kind) {
    case 'move': {
      if (row.status !== seen && row.status !== change.to) return refused(conflict('status', row.status))
      const acceptedUntil = change.accepted_until
      const verdict = judgeMove({
        from: row.status,
        to: change.to,
        actor: moveActor,
        reason: change.reason,
        acceptedUntil,
      })
      if (verdict.kind === 'incomplete') return refused('A reason, or a day to look at it again, is missing.')
      if (verdict.kind === 'unchanged') return unchanged(already(row.status))
      return verdict.kind === 'allowed' ? 'do' : refused(noMove(row.status, change.to))
    }
    case 'assign':
      if (row.assigneeId === change.assignee_id) return unchanged(already('assigned so'))
      return row.assigneeId === seen ? 'do' : refused(conflict('assignee', row.assigneeName ?? 'nobody'))
    case 'tags': {
      const tags = nextTags(row.tags, change)
      if (tags.length > maxTags && tags.length > row.tags.length) return refused(tooManyTags)
      return sameTags(tags, row.tags) ? unchanged(already('tagged so')) : 'do'
    }
    case 'severity':
      return row.severity === seen || row.severity === change.severity
        ? 'do'
        : refused(conflict('severity', row.severity))
    case 'send':
      return 'do'
  }
}

function nextTags(tags: readonly string[], { add, remove }: { add: readonly string[]; remove: readonly string[] }) {
  return [...new Set([...tags.filter((tag) => !remove.includes(tag)), ...add])]
}

function sameTags(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag, index) => tag === other[index])
}

async function act(deps: WriteDeps, tx: Db, work: Work, rows: readonly EditableRow[]): Promise<Map<string, Outcome>> {
  const { change } = work
  switch (change.kind) {
    case 'move':
      return move(deps, tx, { ...work, change }, rows)
    case 'assign':
      return assign(deps, tx, { ...work, change }, rows)
    case 'tags':
      return tagRows(deps, tx, { ...work, change }, rows)
    case 'severity':
      return rate(deps, tx, { ...work, change }, rows)
    case 'send':
      return send(deps, tx, { ...work, change }, rows)
  }
}

async function move(deps: WriteDeps, tx: Db, work: Perform<'move'>, rows: readonly EditableRow[]) {
  const { organizationId, bulkChangeId, actor, moveActor, change } = work
  const { to, reason, accepted_until: acceptedUntil } = change
  const moves = rows.map((row) => ({ vulnerabilityId: row.id, to, reason, acceptedUntil }))
  const results = await applyMoves(deps, tx, { organizationId, bulkChangeId, actor, moveActor, moves })
  const before = new Map(rows.map((row) => [row.id, row]))
  return new Map(
    results.map(({ vulnerabilityId, outcome }) => {
      const row = before.get(vulnerabilityId)
      if (outcome.kind === 'unchanged') return [vulnerabilityId, unchanged(already(to))]
      if (outcome.kind !== 'moved' || row === undefined) return [vulnerabilityId, refused(gone)]
      const { status, status_reason, accepted_until, fixed_at } = row
      return [vulnerabilityId, changed({ status, status_reason, accepted_until, fixed_at })]
    }),
  )
}

type Entry = Pick<NewVulnerabilityEvent, 'kind' | 'reason' | 'before' | 'after'>

/** One line in the history of each. */
async function tell(
  deps: WriteDeps,
  tx: Db,
  { organizationId, bulkChangeId, actor, now }: Pick<Work, 'organizationId' | 'bulkChangeId' | 'actor'> & { now: Date },
  entries: readonly (readonly [string, Entry])[],
): Promise<void> {
  const events = entries.map(([vulnerability_id, entry]) => ({ ...entry, id: deps.newId(), vulnerability_id }))
  await insertVulnerabilityEvents(tx, { organizationId, actor, importId: null, bulkChangeId, now }, events)
}

async function assign(deps: WriteDeps, tx: Db, work: Perform<'assign'>, rows: readonly EditableRow[]) {
  const { organizationId, change } = work
  const now = deps.clock()
  const { assignee_id: assignee_member_id, assignee_name } = change
  await writeAssignees(
    tx,
    { organizationId, now },
    rows.map(({ id }) => ({ id, assignee_member_id })),
  )
  const after = { assignee: assignee_name }
  const entries = rows.map(
    (row) => [row.id, { kind: 'assignee', reason: null, before: { assignee: row.assigneeName }, after }] as const,
  )
  await tell(deps, tx, { ...work, now }, entries)
  const vulnerabilityIds = rows.map(({ id }) => id)
  const assigned = { organizationId, actor: work.actor, vulnerabilityIds, assigneeId: assignee_member_id, now }
  await callAssignee(deps, tx, { ...assigned, isBulk: true })
  return new Map(
    rows.map(({ id, assigneeId: was, assigneeName: name }) => [
      id,
      changed({ assignee_member_id: was, assignee_name: name }),
    ]),
  )
}

async function tagRows(deps: WriteDeps, tx: Db, work: Perform<'tags'>, rows: readonly EditableRow[]) {
  const now = deps.clock()
  const { organizationId, change } = work
  const next = rows.map((row) => ({ id: row.id, tags: nextTags(row.tags, change), was: row.tags }))
  await writeTags(tx, { organizationId, now }, next)
  const entries = next.map(
    ({ id, tags, was }) =>
      [id, { kind: 'tags', reason: null, before: { tags: was.join(', ') }, after: { tags: tags.join(', ') } }] as const,
  )
  await tell(deps, tx, { ...work, now }, entries)
  return new Map(next.map(({ id, was }) => [id, changed({ tags: was })]))
}

async function rate(deps: WriteDeps, tx: Db, work: Perform<'severity'>, rows: readonly EditableRow[]) {
  const now = deps.clock()
  const { organizationId, change } = work
  const { severity, reason } = change
  const edits = rows.flatMap((row) =>
    rateLevel(row, { severity, reason }).map((edit) => ({ id: row.id, edit, was: toRating(row) })),
  )
  await writeRatings(
    tx,
    { organizationId, now },
    edits.map(({ id, edit }) => ({ id, ...edit.columns })),
  )
  const entries = edits.map(
    ({ id, edit: { before, after } }) => [id, { kind: 'severity', reason, before, after }] as const,
  )
  await tell(deps, tx, { ...work, now }, entries)
  const vulnerabilityIds = edits.map(({ id }) => id)
  await setDeadlines(tx, { organizationId, vulnerabilityIds, now })
  await queueFieldPushesOf(deps, tx, { organizationId, vulnerabilityIds, lane: 'bulk' })
  const done = new Map<string, Outcome>(rows.map(({ id }) => [id, unchanged(already(severity))]))
  for (const { id, was } of edits) done.set(id, changed(was))
  return done
}

async function send(deps: WriteDeps, tx: Db, work: Perform<'send'>, rows: readonly EditableRow[]) {
  const { organizationId, actor, change } = work
  const { queued, skipped } = await queueSends(deps, tx, {
    organizationId,
    actor,
    vulnerabilityIds: rows.map((row) => row.id),
    lane: 'bulk',
    ...(change.tracker !== null && { tracker: change.tracker }),
  })
  return new Map<string, Outcome>([
    ...queued.map(({ vulnerabilityId }) => [vulnerabilityId, changed(null)] as const),
    ...skipped.map(({ vulnerabilityId, reason }) => {
      return [vulnerabilityId, reason === sentAlready ? unchanged(reason) : refused(reason)] as const
    }),
  ])
}
