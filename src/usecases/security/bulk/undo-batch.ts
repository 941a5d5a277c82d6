import * as z from 'zod'
import { statuses } from '../../../domain/status.ts'
import type { Db } from '../../../store/db.ts'
import {
  listUndoneItems,
  type SettledItem,
  type UndoneItem,
  type WaitingItem,
} from '../../../store/security/bulk-change-items.ts'
import {
  type EditableRow,
  lockEditables,
  writeAssignees,
  writeRatings,
  writeTags,
} from '../../../store/security/bulk-edits.ts'
import { holdVulnerabilities } from '../../../store/security/vulnerabilities.ts'
import { insertVulnerabilityEvents, type NewVulnerabilityEvent } from '../../../store/security/vulnerability-events.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { setDeadlines } from '../deadlines/set-deadlines.ts'
import { restoreStatuses } from '../vulnerabilities/apply-move.ts'
import type { actorOf } from './bulk-request.ts'
import { bringRatingBack, ratingBefore } from './ratings.ts'
import { gone, mergedAway, touched } from './refusals.ts'
import type { StoredChange } from './stored-change.ts'

const text = z.string().nullable()
const moveBefore = z.object({ status: z.enum(statuses), status_reason: text, accepted_until: text, fixed_at: text })
const assignBefore = z.object({ assignee_member_id: text, assignee_name: text })
const tagsBefore = z.object({ tags: z.array(z.string()) })
type Undo = Extract<StoredChange, { kind: 'undo' }>
type UndoneKind = Undo['undone_kind']

/** Lines of the history that say something about the same thing. */
const kindsOf = {
  move: ['status', 'import_undone', 'bulk_undone'],
  assign: ['assignee'],
  tags: ['tags'],
  severity: ['severity'],
} as const satisfies Record<UndoneKind, readonly string[]>

type Work = {
  organizationId: string
  bulkChangeId: string
  undoes: string
  actor: ReturnType<typeof actorOf>
  change: Undo
}

/** One vulnerability that nobody touched since, as it is and as it was. */
type Returning = { row: EditableRow; before: unknown }

/** Brings one batch back to what it was, in the caller's transaction; what somebody touched since is left alone. */
export async function undoBatch(
  deps: WriteDeps,
  tx: Db,
  work: Work,
  items: readonly WaitingItem[],
): Promise<SettledItem[]> {
  const { organizationId, undoes, change } = work
  const vulnerabilityIds = items.map((item) => item.vulnerabilityId)
  await holdVulnerabilities(tx, organizationId, { ids: vulnerabilityIds })
  const rows = new Map((await lockEditables(tx, organizationId, vulnerabilityIds)).map((row) => [row.id, row]))
  const kinds = kindsOf[change.undone_kind]
  const undone = await listUndoneItems(tx, { organizationId, bulkChangeId: undoes }, { vulnerabilityIds, kinds })
  const byId = new Map(undone.map((item) => [item.vulnerabilityId, item]))
  const returning: Returning[] = []
  const settled = items.map(({ vulnerabilityId }): SettledItem => {
    const [row, item] = [rows.get(vulnerabilityId), byId.get(vulnerabilityId)]
    const reason = refuse(row, item, undoes)
    if (reason === null && row !== undefined && item !== undefined) returning.push({ row, before: item.before })
    const state = reason === null ? ('changed' as const) : ('refused' as const)
    return { vulnerability_id: vulnerabilityId, state, reason, before: null }
  })
  await bringBack(deps, tx, work, returning)
  return settled
}

function refuse(row: EditableRow | undefined, item: UndoneItem | undefined, undoes: string): string | null {
  if (row === undefined || item === undefined) return gone
  if (row.merged_into !== null) return mergedAway
  return item.lastBulkChangeId === undoes ? null : touched(item.lastActorName)
}

async function bringBack(deps: WriteDeps, tx: Db, work: Work, returning: readonly Returning[]): Promise<void> {
  switch (work.change.undone_kind) {
    case 'move':
      return bringStatusesBack(deps, tx, work, returning)
    case 'assign':
      return bringAssigneesBack(deps, tx, work, returning)
    case 'tags':
      return bringTagsBack(deps, tx, work, returning)
    case 'severity':
      return bringSeveritiesBack(deps, tx, work, returning)
  }
}

const undoneReason = 'A bulk change was undone'

async function bringStatusesBack(deps: WriteDeps, tx: Db, work: Work, returning: readonly Returning[]): Promise<void> {
  const restores = returning.map(({ row, before }) => {
    const {
      status,
      status_reason: statusReason,
      accepted_until: acceptedUntil,
      fixed_at: fixedAt,
    } = moveBefore.parse(before)
    return { vulnerabilityId: row.id, status, statusReason, acceptedUntil, fixedAt }
  })
  const { organizationId, bulkChangeId, undoes, actor } = work
  await restoreStatuses(deps, tx, { organizationId, bulkChangeId, undoes, actor, reason: undoneReason, restores })
}

async function bringAssigneesBack(deps: WriteDeps, tx: Db, work: Work, returning: readonly Returning[]): Promise<void> {
  const now = deps.clock()
  const rows = returning.map(({ row, before }) => ({ row, was: assignBefore.parse(before) }))
  const context = { organizationId: work.organizationId, now }
  await writeAssignees(
    tx,
    context,
    rows.map(({ row, was }) => ({ id: row.id, assignee_member_id: was.assignee_member_id })),
  )
  const lines = rows.map(({ row, was }) => {
    return { id: row.id, before: { assignee: row.assigneeName }, after: { assignee: was.assignee_name } }
  })
  await tell(deps, tx, { work, now, kind: 'assignee' }, lines)
}

async function bringTagsBack(deps: WriteDeps, tx: Db, work: Work, returning: readonly Returning[]): Promise<void> {
  const now = deps.clock()
  const rows = returning.map(({ row, before }) => ({ row, tags: tagsBefore.parse(before).tags }))
  const context = { organizationId: work.organizationId, now }
  await writeTags(
    tx,
    context,
    rows.map(({ row, tags }) => ({ id: row.id, tags })),
  )
  const lines = rows.map(({ row, tags }) => {
    return { id: row.id, before: { tags: row.tags.join(', ') }, after: { tags: tags.join(', ') } }
  })
  await tell(deps, tx, { work, now, kind: 'tags' }, lines)
}

async function bringSeveritiesBack(
  deps: WriteDeps,
  tx: Db,
  work: Work,
  returning: readonly Returning[],
): Promise<void> {
  const now = deps.clock()
  const { organizationId } = work
  const rows = returning.map(({ row, before }) => ({ row, was: bringRatingBack(row, ratingBefore.parse(before)) }))
  await writeRatings(
    tx,
    { organizationId, now },
    rows.map(({ row, was }) => ({ id: row.id, ...was })),
  )
  const lines = rows.map(({ row, was }) => {
    return { id: row.id, before: { severity: row.severity }, after: { severity: was.severity } }
  })
  await tell(deps, tx, { work, now, kind: 'severity' }, lines)
  await setDeadlines(tx, { organizationId, vulnerabilityIds: rows.map(({ row }) => row.id), now })
}

type Line = { id: string; before: Readonly<Record<string, unknown>>; after: Readonly<Record<string, unknown>> }

async function tell(
  deps: WriteDeps,
  tx: Db,
  { work, now, kind }: { work: Work; now: Date; kind: NewVulnerabilityEvent['kind'] },
  lines: readonly Line[],
): Promise<void> {
  const { organizationId, bulkChangeId, actor } = work
  const events = lines.map(({ id, before, after }) => {
    return { id: deps.newId(), vulnerability_id: id, kind, reason: undoneReason, before, after }
  })
  await insertVulnerabilityEvents(tx, { organizationId, actor, importId: null, bulkChangeId, now }, events)
}
