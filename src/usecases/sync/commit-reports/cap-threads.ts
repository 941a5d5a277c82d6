import type { Db } from '../../../store/db.ts'
import { countThreadsOfBranch, findTellingFacts } from '../../../store/sync/commit-reports.ts'
import { readTelling } from './read-telling.ts'

type Scan = { organizationId: string; assetId: string; branch: string; pullRequestId: string | null }

/**
 * Of what policies send because of a pull request's scan, worst first, as many as may still have a thread there: its
 * summary names the others. A scan of a branch, and a route that leads elsewhere, set no limit.
 */
export async function capThreads(tx: Db, scan: Scan, wanted: readonly string[]): Promise<readonly string[]> {
  if (scan.pullRequestId === null || wanted.length === 0) return wanted
  const facts = await findTellingFacts(tx, scan)
  const telling = facts === undefined ? null : await readTelling(tx, { ...scan, facts })
  if (telling === null) return wanted
  const places = telling.threadsAtMost - (await countThreadsOfBranch(tx, scan))
  return wanted.slice(0, Math.max(0, places))
}
