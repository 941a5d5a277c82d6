import type { Db } from '../../../store/db.ts'
import { findOldestDeploying } from '../../../store/delivery/deployments.ts'
import type { ReadableFeed } from '../../../store/delivery/feeds.ts'
import { findOldestRunning } from '../../../store/delivery/pipelines.ts'

/** What has not ended after this long is not looked for any more. */
const runsAtMostMs = 3 * 24 * 3_600_000

/** Start of the oldest pipeline or deployment that still ran when it was seen: increments go back to it, for its end. */
export async function findUnfinishedSince(
  tx: Db,
  { feed, now }: { feed: ReadableFeed; now: Date },
): Promise<Date | null> {
  const { organization_id: organizationId, repository_id: repositoryId, kind } = feed
  if (repositoryId === null) return null
  const key = { organizationId, repositoryId, since: new Date(now.getTime() - runsAtMostMs) }
  if (kind === 'pipelines') return findOldestRunning(tx, key)
  return kind === 'deployments' ? findOldestDeploying(tx, key) : null
}
