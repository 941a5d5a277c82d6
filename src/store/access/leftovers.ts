import { sql } from 'kysely'
import { retentionMs } from '../../domain/retention.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../db.ts'
import { deleteOldSnapshots } from '../delivery/snapshots/old-snapshots.ts'
import { batchRows, inBatches } from '../in-batches.ts'
import { deleteEndedAuthorizations } from '../remotes/oauth.ts'
import {
  deleteDiscardedImports,
  deleteDiscardedItems,
  deleteKeptFiles,
  discardWaitingImports,
} from '../security/old-imports.ts'
import { deleteBulkItems, deleteDeadlineRuns, thinScoreDays } from '../security/old-work.ts'
import { deleteForgottenStaged } from '../sync/attachments.ts'
import {
  deleteEndedOperations,
  deleteOldCalls,
  deleteOldDeliveries,
  deleteOldNotifications,
  deleteOldOutgoing,
  dropDeliveryBodies,
} from '../sync/old-lines.ts'
import { deleteOldReconciliations } from '../sync/reconciliations.ts'

/** How far our clock is from the database's, in milliseconds; what a jump of ours makes look old must not be deleted. */
export async function measureClockGapMs(db: Db, clock: Clock): Promise<number> {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(db)
  return rows[0] === undefined ? Number.POSITIVE_INFINITY : Math.abs(clock().getTime() - rows[0].now.getTime())
}

/** Forgets what has ended and what nobody asks for any more, of the whole installation, a batch at a time. */
export async function deleteLeftovers(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('auth_session').where('expires_at', '<', now).execute()
  const organizations = await db.selectFrom('organization').select('organization_id').execute()
  for (const row of organizations) await deleteOfOrganization(db, { organizationId: row.organization_id, now })
}

async function deleteOfOrganization(
  db: Db,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<void> {
  const olderThan = (ms: number) => ({ organizationId, now, before: new Date(now.getTime() - ms) })
  await deleteAnswers(db, olderThan(retentionMs.answer))
  await deleteEndedAuthorizations(db, olderThan(retentionMs.answer))
  await dropDeliveryBodies(db, olderThan(retentionMs.deliveryBody))
  await deleteOldDeliveries(db, olderThan(retentionMs.logLine))
  await deleteEndedOperations(db, olderThan(retentionMs.logLine))
  await deleteOldReconciliations(db, olderThan(retentionMs.reconciliation))
  await deleteOldNotifications(db, olderThan(retentionMs.notification))
  await deleteOldOutgoing(db, olderThan(retentionMs.outgoing))
  await deleteOldCalls(db, olderThan(retentionMs.outgoing))
  const preview = { state: 'previewed', reason: 'Nobody decided on this preview within 24 hours.' } as const
  await discardWaitingImports(db, { ...olderThan(retentionMs.preview), ...preview })
  const held = { state: 'held', reason: 'Nobody decided on this held report within 30 days.' } as const
  await discardWaitingImports(db, { ...olderThan(retentionMs.heldImport), ...held })
  await deleteKeptFiles(db, { organizationId, now })
  await deleteForgottenStaged(db, olderThan(retentionMs.stagedFile))
  await deleteDiscardedItems(db, olderThan(retentionMs.preview))
  await deleteDiscardedImports(db, olderThan(retentionMs.logLine))
  await deleteBulkItems(db, olderThan(retentionMs.bulkItem))
  await deleteDeadlineRuns(db, olderThan(retentionMs.deadlineRun))
  await deleteOldSnapshots(db, olderThan(retentionMs.snapshot))
  await thinScoreDays(db, olderThan(retentionMs.scoreDay))
}

async function deleteAnswers(db: Db, old: { organizationId: string; before: Date }): Promise<void> {
  const mine = sql`organization_id = ${old.organizationId}::uuid`
  await inBatches(async () => {
    const deleted = await sql`
      delete from idempotency_key where ${mine} and (principal_id, key) in (
        select principal_id, key from idempotency_key where ${mine} and created_at < ${old.before}
        order by created_at limit ${batchRows} for update skip locked)`.execute(db)
    return deleted.numAffectedRows ?? 0n
  })
}
