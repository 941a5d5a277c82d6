import type { Vulnerability } from '../../../../contract/security/vulnerabilities.ts'
import type { Actor } from '../../../domain/actor.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import {
  type Grouped,
  listEmptied,
  listGrouped,
  listStanding,
  listStrayed,
  type Regrouping,
  returnFindings,
  writeApart,
  writeMergedInto,
} from '../../../store/security/regroupings.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'
import { joinIntelligence, refreshIntelligence } from '../../../store/security/vulnerability-intelligence.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { applyMoves, type MoveDeps, restoreStatuses } from '../vulnerabilities/apply-move.ts'
import { getVulnerability, type Viewer } from '../vulnerabilities/get-vulnerability.ts'
import { lockGroup, nameOf, requireMember } from './lock-group.ts'
import { parseStatusBefore } from './status-before.ts'

export type UndoMerge = { organizationId: string; id: string; actor: Actor }

/**
 * Makes a merged vulnerability itself again, with the findings it brought; no import puts the two together after that.
 * Throws `not_found`, or `conflict` where it is not merged, or something later stands in the way.
 */
export async function undoMerge(
  deps: MoveDeps & { db: Db },
  { viewer, ...undo }: UndoMerge & { viewer: Viewer },
): Promise<Vulnerability> {
  await deps.db.transaction().execute((tx) => undoInTransaction(deps, tx, undo))
  return getVulnerability(deps, { organizationId: undo.organizationId, id: undo.id, viewer })
}

async function undoInTransaction(deps: MoveDeps, tx: Db, { organizationId, id, actor }: UndoMerge): Promise<void> {
  const [found] = await listGrouped(tx, { organizationId, ids: [id] })
  if (found === undefined) throw new AppError('not_found', 'There is no such vulnerability here.')
  await joinIntelligence(tx)
  const group = await lockGroup(tx, {
    organizationId,
    ids: [id, ...(found.mergedInto === null ? [] : [found.mergedInto])],
  })
  const one = requireMember(group, id)
  const standing = await listStanding(tx, { organizationId, ids: [id] })
  const merge = standing.find(({ kind, fromId, toId }) => kind === 'merge' && fromId === id && toId === one.mergedInto)
  if (merge === undefined) throw new AppError('conflict', `${nameOf(one)} is not merged into another vulnerability.`)
  const survivor = requireMember(group, merge.toId)
  await requireUndisturbed(tx, { organizationId, merge, survivor })
  const now = deps.clock()
  await returnFindings(tx, { organizationId, regroupingId: merge.id, toId: id, now })
  await writeMergedInto(tx, { organizationId, ids: [id], into: null, now })
  await writeApart(tx, { organizationId, one: survivor, other: one })
  await settleStatuses(deps, tx, { organizationId, actor, merge, survivor })
  await refreshIntelligence(tx, organizationId, [survivor.id, id])
  const event = { kind: 'merge_undone' as const, reason: null, before: null }
  await insertVulnerabilityEvents(tx, { organizationId, actor, importId: null, now }, [
    { ...event, id: deps.newId(), vulnerability_id: id, after: { out_of: nameOf(survivor) } },
    { ...event, id: deps.newId(), vulnerability_id: survivor.id, after: { released: nameOf(one) } },
  ])
  await announce(
    tx,
    organizationId,
    [id, survivor.id].map((vulnerabilityId) => ({ kind: 'vulnerability' as const, vulnerability_id: vulnerabilityId })),
  )
}

type Undone = { organizationId: string; merge: Regrouping; survivor: Grouped }

async function requireUndisturbed(tx: Db, { organizationId, merge, survivor }: Undone): Promise<void> {
  if (survivor.mergedInto !== null)
    throw new AppError('conflict', `${nameOf(survivor)} was merged into another vulnerability since. Undo that first.`)
  const [strayed] = await listStrayed(tx, { organizationId, regroupingId: merge.id, homeId: survivor.id })
  if (strayed === undefined) return
  throw new AppError('conflict', `Some of its findings are in WEIR-${strayed} by now. Undo that split or merge first.`)
}

/** What the merge had opened is as it was, while nothing else that was merged holds it open; what is gone by now is fixed. */
async function settleStatuses(
  deps: MoveDeps,
  tx: Db,
  { organizationId, merge, survivor, actor }: Undone & { actor: Actor },
): Promise<void> {
  const status = parseStatusBefore(merge.stateBefore)
  const others = await listStanding(tx, { organizationId, ids: [survivor.id] })
  const isLast = others.every(({ kind, toId }) => kind !== 'merge' || toId !== survivor.id)
  if (status !== undefined && isLast && survivor.status === 'identified') {
    const restores = [{ vulnerabilityId: survivor.id, ...status }]
    const reason = 'The merge that opened it was undone'
    await restoreStatuses(deps, tx, { organizationId, actor, regroupingId: merge.id, reason, restores })
  }
  const ids = [merge.fromId, survivor.id]
  await closeEmptied(deps, tx, { organizationId, actor, ids, since: merge.createdAt })
}

/** What lost its last finding while it was a part of another one, or by being taken apart, is fixed. */
export async function closeEmptied(
  deps: MoveDeps,
  tx: Db,
  input: { organizationId: string; actor: Actor; ids: readonly string[]; since: Date },
): Promise<void> {
  const { organizationId, actor } = input
  const emptied = await listEmptied(tx, input)
  const reason = 'No finding of it is left'
  const moves = emptied.map((vulnerabilityId) => ({ vulnerabilityId, to: 'fixed' as const, reason }))
  await applyMoves(deps, tx, { organizationId, moves, actor, moveActor: 'scan' })
}
