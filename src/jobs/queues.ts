import type { Job } from '../store/sync/jobs.ts'

/** Bulk pushes have a queue of their own, so that a person's comment never stands behind ten thousand of them. */
export const queueNames = [
  'process-deliveries',
  'push-defect',
  'push-defect-bulk',
  'reconcile-connection',
  'set-up-repositories',
  'check-connection',
  'set-deadlines',
  'run-bulk-change',
  'report-commit',
  'read-feed',
  'read-commits',
] as const
export type QueueName = (typeof queueNames)[number]

/** A worker that dies stops its heartbeat: its job is free again after 20 s and the next look of the supervisor. */
const lease = { heartbeatSeconds: 20, notify: true, deleteAfterSeconds: 3600, retentionSeconds: 7 * 86_400 } as const

/** Seconds a job may take at most, and how often pg-boss itself tries again. Rows carry their own back-off; these retries are for bugs and database trouble. */
export const queueOptions = {
  'process-deliveries': { ...lease, expireInSeconds: 300, retryLimit: 3, retryDelay: 2, retryBackoff: true },
  'push-defect': { ...lease, expireInSeconds: 300, retryLimit: 3, retryDelay: 2, retryBackoff: true },
  'push-defect-bulk': { ...lease, expireInSeconds: 300, retryLimit: 3, retryDelay: 5, retryBackoff: true },
  'reconcile-connection': { ...lease, expireInSeconds: 3600, retryLimit: 1, retryDelay: 60 },
  'set-up-repositories': { ...lease, expireInSeconds: 3600, retryLimit: 5, retryDelay: 5, retryBackoff: true },
  'check-connection': { ...lease, expireInSeconds: 300, retryLimit: 2, retryDelay: 10, retryBackoff: true },
  'set-deadlines': { ...lease, expireInSeconds: 3600, retryLimit: 5, retryDelay: 2, retryBackoff: true },
  'run-bulk-change': { ...lease, expireInSeconds: 3600, retryLimit: 5, retryDelay: 2, retryBackoff: true },
  'report-commit': { ...lease, expireInSeconds: 300, retryLimit: 3, retryDelay: 5, retryBackoff: true },
  'read-feed': { ...lease, expireInSeconds: 900, retryLimit: 1, retryDelay: 5 },
  'read-commits': { ...lease, expireInSeconds: 3600, retryLimit: 3, retryDelay: 5, retryBackoff: true },
} as const satisfies Record<QueueName, object>

/** Jobs of a queue in flight in one process. The bulk cap is what keeps slots free for people. */
export const queueConcurrency = {
  'process-deliveries': 4,
  'push-defect': 4,
  'push-defect-bulk': 2,
  'reconcile-connection': 1,
  'set-up-repositories': 1,
  'check-connection': 1,
  'set-deadlines': 1,
  'run-bulk-change': 1,
  'report-commit': 1,
  'read-feed': 1,
  'read-commits': 1,
} as const satisfies Record<QueueName, number>

/** The queue a job goes into. */
export function queueOf(job: Job): QueueName {
  return job.name === 'push-defect' && job.lane === 'bulk' ? 'push-defect-bulk' : job.name
}
