import type { Db } from '../db.ts'

/**
 * Work for the worker. Jobs carry ids only and are wake-ups, not the truth: the rows they name are, so a job that
 * runs twice, late or for nothing does no harm.
 */
type Work =
  | { name: 'process-deliveries'; data: { organizationId: string; deliveryIds: string[] } }
  | { name: 'push-defect'; data: { organizationId: string; defectId: string }; lane: 'person' | 'status' | 'bulk' }
  /** `full` also finds what was deleted without a trace; `memberName` is who asked for it. */
  | {
      name: 'reconcile-connection'
      data: { organizationId: string; connectionId: string; full?: boolean; memberName?: string }
    }
  | {
      name: 'set-up-repositories'
      data: { organizationId: string; connectionId: string; memberId?: string | undefined; uuids: string[] | 'all' }
    }
  | { name: 'check-connection'; data: { organizationId: string; connectionId: string } }
  | { name: 'set-deadlines'; data: { organizationId: string } }
  | { name: 'run-bulk-change'; data: { organizationId: string; bulkChangeId: string } }
  /** What is due of a connection's feeds. */
  | { name: 'read-feed'; data: { organizationId: string; connectionId: string } }
  /** A feed of commits, which git reads. */
  | { name: 'read-commits'; data: { organizationId: string; feedId: string } }
  | { name: 'report-commit'; data: { organizationId: string; commitReportId: string } }

/** `notBefore`: a wake-up for later. The clock is the database's, so it may come a moment early or late. */
export type Job = Work & { notBefore?: Date }

/** Puts jobs into the queue in the same transaction as the rows they are about. */
export type Enqueue = (tx: Db, jobs: readonly Job[]) => Promise<void>
