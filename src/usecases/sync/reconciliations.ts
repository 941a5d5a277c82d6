import * as z from 'zod'
import type { Reconciliation } from '../../../contract/sync/reconciliations.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { findConnection } from '../../store/remotes/connections.ts'
import { listReconciliationRows, listVulnerabilityNames } from '../../store/sync/reconciliations.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import type { WriteDeps } from './sync-deps.ts'

type Key = { organizationId: string; connectionId: string }

const shownAtMost = 20
const stored = z.array(
  z.object({ vulnerability_id: z.string(), kind: z.enum(['healed', 'conflict', 'needs_you']), sentence: z.string() }),
)

/** The latest comparisons of a connection that have something to say, newest first. Throws `not_found`. */
export async function listReconciliations({ db }: { db: Db }, key: Key): Promise<{ items: Reconciliation[] }> {
  await requireConnection(db, key)
  const rows = await listReconciliationRows(db, { ...key, limit: shownAtMost })
  const found = rows.map((row) => ({ row, differences: stored.safeParse(row.differences).data ?? [] }))
  const ids = new Set(found.flatMap(({ differences }) => differences.map((one) => one.vulnerability_id)))
  const names = await listVulnerabilityNames(db, { organizationId: key.organizationId, ids: [...ids] })
  const byId = new Map(names.map((name) => [name.id, name]))
  return {
    items: found.map(({ row, differences }) => ({
      id: row.id,
      by: row.member_name,
      is_full: row.is_full,
      items: row.items,
      requests: row.requests,
      healed: row.healed,
      conflicts: row.conflicts,
      needs_you: row.needs_you,
      error: row.error,
      started_at: row.started_at.toISOString(),
      finished_at: row.finished_at.toISOString(),
      differences: differences.toSorted(byUrgency).map(({ vulnerability_id: id, kind, sentence }) => {
        return { kind, sentence, vulnerability: byId.get(id) ?? null }
      }),
    })),
  }
}

/** Queues a full comparison of both sides now. Throws `not_found`, or `conflict` for a connection that ended. */
export async function askForReconciliation(deps: WriteDeps, input: Key & { actor: AuditActor }): Promise<void> {
  const { organizationId, connectionId, actor } = input
  const connection = await requireConnection(deps.db, input)
  if (connection.state === 'disconnected')
    throw new AppError('conflict', 'This connection was disconnected. Connect it again.')
  await deps.db.transaction().execute(async (tx) => {
    const data = { organizationId, connectionId, full: true, memberName: actor.name }
    await deps.enqueue(tx, [{ name: 'reconcile-connection', data }])
    const target = { kind: 'connection', id: connectionId }
    await recordAudit(deps, tx, { organizationId, actor, action: 'connection.reconciled', target })
  })
}

const urgency = { needs_you: 0, conflict: 1, healed: 2 } as const

function byUrgency(one: { kind: keyof typeof urgency }, other: { kind: keyof typeof urgency }): number {
  return urgency[one.kind] - urgency[other.kind]
}

async function requireConnection(db: Db, key: Key) {
  const row = await findConnection(db, key)
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  return row
}
