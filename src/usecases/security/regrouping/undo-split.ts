import type { Vulnerability } from '../../../../contract/security/vulnerabilities.ts'
import type { Actor } from '../../../domain/actor.ts'
import { isOpen } from '../../../domain/status.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import {
  type Grouped,
  listStanding,
  listStrayed,
  moveRest,
  type Regrouping,
  returnFindings,
  writeMergedInto,
} from '../../../store/security/regroupings.ts'
import { restoreWords } from '../../../store/security/splits.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'
import { joinIntelligence, refreshIntelligence } from '../../../store/security/vulnerability-intelligence.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { setDeadlines } from '../deadlines/set-deadlines.ts'
import { applyMoves, type MoveDeps, restoreStatuses } from '../vulnerabilities/apply-move.ts'
import { getVulnerability, type Viewer } from '../vulnerabilities/get-vulnerability.ts'
import { lockGroup, nameOf, requireMember, requireWhole } from './lock-group.ts'
import { parseStatusBefore } from './status-before.ts'

export type UndoSplit = { organizationId: string; id: string; actor: Actor }

/**
 * Brings the findings of a vulnerability that was split off back to where they were. Its number, thread and items stay
 * readable behind the other one, which is answered. Throws `not_found`, or `conflict` where it was not split off, or
 * something later stands in the way.
 */
export async function undoSplit(
  deps: MoveDeps & { db: Db },
  { viewer, ...undo }: UndoSplit & { viewer: Viewer },
): Promise<Vulnerability> {
  const id = await deps.db.transaction().execute((tx) => undoInTransaction(deps, tx, undo))
  return getVulnerability(deps, { organizationId: undo.organizationId, id, viewer })
}

async function undoInTransaction(deps: MoveDeps, tx: Db, { organizationId, id, actor }: UndoSplit): Promise<string> {
  const isOwn = ({ kind, toId }: Regrouping): boolean => kind === 'split' && toId === id
  const [first] = (await listStanding(tx, { organizationId, ids: [id] })).filter(isOwn)
  await joinIntelligence(tx)
  const group = await lockGroup(tx, { organizationId, ids: [id, ...(first === undefined ? [] : [first.fromId])] })
  const made = requireMember(group, id)
  const standing = await listStanding(tx, { organizationId, ids: [id] })
  const split = standing.find(isOwn)
  if (split === undefined) throw new AppError('conflict', `${nameOf(made)} was not split off another vulnerability.`)
  const from = requireMember(group, split.fromId)
  requireWhole(made)
  requireWhole(from)
  await requireUndisturbed(tx, { organizationId, split, standing, made })
  const now = deps.clock()
  await restoreWords(tx, { organizationId, vulnerabilityId: from.id, regroupingId: split.id, now })
  await returnFindings(tx, { organizationId, regroupingId: split.id, toId: from.id, now })
  await moveRest(tx, { organizationId, fromId: id, toId: from.id })
  await reopen(deps, tx, { organizationId, actor, split, from, made })
  await writeMergedInto(tx, { organizationId, ids: [id], into: from.id, now })
  await refreshIntelligence(tx, organizationId, [from.id])
  await setDeadlines(tx, { organizationId, vulnerabilityIds: [from.id], now })
  const event = { kind: 'split_undone' as const, reason: null, before: null }
  await insertVulnerabilityEvents(tx, { organizationId, actor, importId: null, now }, [
    { ...event, id: deps.newId(), vulnerability_id: id, after: { into: nameOf(from) } },
    { ...event, id: deps.newId(), vulnerability_id: from.id, after: { taken_back: nameOf(made) } },
  ])
  await announce(
    tx,
    organizationId,
    [id, from.id].map((vulnerabilityId) => ({ kind: 'vulnerability' as const, vulnerability_id: vulnerabilityId })),
  )
  return from.id
}

type Undone = { organizationId: string; split: Regrouping; standing: readonly Regrouping[]; made: Grouped }

async function requireUndisturbed(tx: Db, { organizationId, split, standing, made }: Undone): Promise<void> {
  const later = standing.find((one) => one.id !== split.id)
  if (later !== undefined)
    throw new AppError(
      'conflict',
      `${nameOf(made)} was ${later.kind === 'merge' ? 'merged' : 'split'} again since. Undo that first.`,
    )
  const [strayed] = await listStrayed(tx, { organizationId, regroupingId: split.id, homeId: made.id })
  if (strayed === undefined) return
  throw new AppError('conflict', `Some of its findings are in WEIR-${strayed} by now. Undo that split or merge first.`)
}

type Reopening = { organizationId: string; actor: Actor; split: Regrouping; from: Grouped; made: Grouped }

/** What the split closed by taking its last finding is as it was, where one that comes back is still there. */
async function reopen(deps: MoveDeps, tx: Db, { organizationId, actor, split, from, made }: Reopening): Promise<void> {
  if (from.status !== 'fixed' || !isOpen(made.status)) return
  const reason = `Findings of ${nameOf(made)} came back to it`
  const status = parseStatusBefore(split.stateBefore)
  if (status === undefined) {
    const moves = [{ vulnerabilityId: from.id, to: 'identified' as const, reason }]
    await applyMoves(deps, tx, { organizationId, moves, actor, moveActor: 'scan' })
    return
  }
  const restores = [{ vulnerabilityId: from.id, ...status }]
  await restoreStatuses(deps, tx, { organizationId, actor, regroupingId: split.id, reason, restores })
}
