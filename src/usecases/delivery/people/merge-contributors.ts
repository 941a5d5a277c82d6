import type {
  ContributorMerge,
  MergeAnswer,
  MergeSuggestion,
} from '../../../../contract/delivery/contributor-merges.ts'
import type { AccountMerge } from '../../../domain/people/group-accounts.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import { listContributorsByIds } from '../../../store/access/contributors.ts'
import type { Db } from '../../../store/db.ts'
import { insertApart, listMergeSuggestions } from '../../../store/delivery/people/merge-suggestions.ts'
import {
  endMerges,
  isMergeKnown,
  listMergeAccounts,
  listMergeRows,
  lockMerges,
} from '../../../store/delivery/people/merges.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { parseTimePage, splitTimePage } from '../../sync/time-cursor.ts'
import { addMerges, regroup } from './add-merges.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }

const suggestionsAtMost = 200

/** Accounts that are likely one person's, and how many such pairs there are. */
export async function suggestMerges(
  { db }: { db: Db },
  { organizationId }: { organizationId: string },
): Promise<{ items: MergeSuggestion[]; total: number }> {
  const rows = await listMergeSuggestions(db, { organizationId, limit: suggestionsAtMost })
  return {
    items: rows.map(({ one, other, reasons }) => ({ into: one, from: other, reasons })),
    total: rows[0]?.total ?? 0,
  }
}

type Asked = {
  organizationId: string
  merges: readonly AccountMerge[]
  source: 'suggestion' | 'person'
  actor: AuditActor
}

/** Makes one person of accounts. What is refused says why; the rest is done. */
export async function mergeContributors(deps: Deps, asked: Asked): Promise<MergeAnswer> {
  const { organizationId, source, actor } = asked
  return deps.db.transaction().execute(async (tx) => {
    const { merges } = asked
    const verdicts = await addMerges(deps, tx, { organizationId, merges, source, batchId: null, madeBy: actor.name })
    const merged = verdicts.filter(({ outcome }) => outcome === 'merged')
    const [only] = merged
    if (only !== undefined)
      await recordAudit(deps, tx, {
        organizationId,
        actor,
        action: 'contributor.merged',
        ...(merged.length === 1 && { target: { kind: 'contributor', id: only.into } }),
        after: { ids: merged.map(({ from }) => from), summary: summarize(merged.length) },
      })
    return {
      merged: merged.length,
      refused: verdicts.flatMap(({ from, into, reason }) => (reason === null ? [] : [{ from, into, reason }])),
    }
  })
}

export function summarize(merged: number): string {
  return merged === 1 ? '1 account' : `${merged} accounts`
}

/** What was merged, last first, with what was taken back. */
export async function listContributorMerges(
  { db }: { db: Db },
  { organizationId, ...query }: { organizationId: string; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: ContributorMerge[]; next: string | null }> {
  const { after, limit } = parseTimePage(query)
  const rows = await listMergeRows(db, { organizationId, after, limit: limit + 1 })
  const { shown, next } = splitTimePage(rows, limit, (row) => row.made_at)
  const items = shown.map((row) => ({
    id: row.id,
    from: { id: row.from_id, kind: row.from_kind, name: row.from_name, nickname: row.from_nickname },
    into: { id: row.into_id, kind: row.into_kind, name: row.into_name, nickname: row.into_nickname },
    source: row.source,
    upload_id: row.batch_id,
    made_by: row.made_by,
    made_at: row.made_at.toISOString(),
    undone_by: row.undone_by,
    undone_at: row.undone_at?.toISOString() ?? null,
  }))
  return { items, next }
}

type Undo = { organizationId: string; actor: AuditActor } & ({ id: string } | { batchId: string })

/** Takes a merge back, or what an upload merged: everything is as if it had never been said. Throws `not_found`. */
export async function undoMerges(deps: Deps, { organizationId, actor, ...which }: Undo): Promise<{ undone: number }> {
  const undone = await deps.db.transaction().execute(async (tx) => {
    await lockMerges(tx, organizationId)
    if (!(await isMergeKnown(tx, { organizationId, ...which })))
      throw new AppError('not_found', 'There is no such merge here.')
    const ended = await endMerges(tx, { organizationId, by: actor.name, now: deps.clock(), ...which })
    const [only] = ended
    if (only === undefined) return 0
    const ids = ended.flatMap(({ from, into }) => [from, into])
    await regroup(tx, { organizationId, accounts: await listMergeAccounts(tx, { organizationId, ids }) })
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'contributor.unmerged',
      ...(ended.length === 1 && { target: { kind: 'contributor', id: only.into } }),
      before: { ids: ended.map(({ from }) => from) },
      after: { summary: summarize(ended.length) },
    })
    return ended.length
  })
  return { undone }
}

/** Two accounts are two people's: they are suggested no more. Throws `not_found`. */
export async function keepContributorsApart(
  deps: Deps,
  { organizationId, ids }: { organizationId: string; ids: readonly [string, string] },
): Promise<void> {
  if (ids[0] === ids[1]) throw new AppError('validation_failed', 'One account cannot be kept apart from itself.')
  const known = await listContributorsByIds(deps.db, { organizationId, ids })
  if (known.length < 2) throw new AppError('not_found', 'There is no such account here.')
  await insertApart(deps.db, { organizationId, ids, now: deps.clock() })
}
