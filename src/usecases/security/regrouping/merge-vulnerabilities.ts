import type { Vulnerability } from '../../../../contract/security/vulnerabilities.ts'
import type { Actor } from '../../../domain/actor.ts'
import { isOpen } from '../../../domain/status.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { type Grouped, insertRegrouping, writeMergedInto } from '../../../store/security/regroupings.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'
import { joinIntelligence, refreshIntelligence } from '../../../store/security/vulnerability-intelligence.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { applyMoves, type MoveDeps } from '../vulnerabilities/apply-move.ts'
import { getVulnerability, type Viewer } from '../vulnerabilities/get-vulnerability.ts'
import { lockGroup, nameOf, requireMember, requireWhole } from './lock-group.ts'
import { toStatusBefore } from './status-before.ts'

export type Merge = {
  organizationId: string
  /** The one that stays. */
  into: string
  /** The ones that become a part of it. */
  ids: readonly string[]
  reason?: string | undefined
  actor: Actor
}

/**
 * Makes one vulnerability of several of one asset and branch. The one that stays keeps its words, status, thread and items;
 * the findings of the others become its evidence, and their pages, threads and items stay readable behind it. Throws
 * `not_found`, `conflict` for what is merged already, or `validation_failed`.
 */
export async function mergeVulnerabilities(
  deps: MoveDeps & { db: Db },
  { viewer, ...merge }: Merge & { viewer: Viewer },
): Promise<Vulnerability> {
  await deps.db.transaction().execute((tx) => mergeInTransaction(deps, tx, merge))
  return getVulnerability(deps, { organizationId: merge.organizationId, id: merge.into, viewer })
}

/** The same within a transaction. */
export async function mergeInTransaction(deps: MoveDeps, tx: Db, merge: Merge): Promise<void> {
  const { organizationId, into, actor } = merge
  const ids = [...new Set(merge.ids)]
  if (ids.length === 0 || ids.includes(into))
    throw new AppError(
      'validation_failed',
      'ids: name the ones that are to become a part of another one, without that one.',
    )
  await joinIntelligence(tx)
  const group = await lockGroup(tx, { organizationId, ids: [into, ...ids] })
  const survivor = requireMember(group, into)
  const others = ids.map((id) => requireMember(group, id))
  for (const one of [survivor, ...others]) requireWhole(one)
  const now = deps.clock()
  const stateBefore = await reopen(deps, tx, { merge, survivor, others })
  for (const one of others)
    await insertRegrouping(
      tx,
      { organizationId, id: deps.newId(), kind: 'merge', fromId: one.id, toId: into, stateBefore, now },
      { findingIds: null, tells: false },
    )
  await writeMergedInto(tx, { organizationId, ids, into, now })
  await refreshIntelligence(tx, organizationId, [into])
  await insertVulnerabilityEvents(
    tx,
    { organizationId, actor, importId: null, now },
    others.flatMap((one) => toEvents(deps, { one, survivor, reason: merge.reason })),
  )
  await announce(
    tx,
    organizationId,
    [into, ...ids].map((id) => ({ kind: 'vulnerability' as const, vulnerability_id: id })),
  )
}

type Merging = { merge: Merge; survivor: Grouped; others: readonly Grouped[] }

/** What is open makes the whole open, but against what a person decided. Answers the status to come back to. */
async function reopen(deps: MoveDeps, tx: Db, { merge, survivor, others }: Merging): Promise<Record<string, unknown>> {
  const open = others.find(({ status }) => isOpen(status))
  if (open === undefined || (survivor.status !== 'fixed' && survivor.status !== 'suppressed')) return {}
  const { organizationId, actor } = merge
  const reason = `${nameOf(open)}, which is open, was merged into it`
  const moves = [{ vulnerabilityId: survivor.id, to: 'identified' as const, reason }]
  await applyMoves(deps, tx, { organizationId, moves, actor, moveActor: 'scan' })
  return toStatusBefore(survivor)
}

function toEvents(
  deps: Pick<MoveDeps, 'newId'>,
  { one, survivor, reason }: { one: Grouped; survivor: Grouped; reason: string | undefined },
) {
  const said = { reason: reason?.trim() || null, before: null }
  return [
    {
      ...said,
      id: deps.newId(),
      vulnerability_id: one.id,
      kind: 'merged_into' as const,
      after: { into: nameOf(survivor) },
    },
    {
      ...said,
      id: deps.newId(),
      vulnerability_id: survivor.id,
      kind: 'merge' as const,
      after: { merged: nameOf(one) },
    },
  ]
}
