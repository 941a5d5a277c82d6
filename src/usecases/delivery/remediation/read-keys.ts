import { listKeys } from '../../../domain/delivery/remediation/list-keys.ts'
import type { Db } from '../../../store/db.ts'
import { lockRemediation } from '../../../store/delivery/remediation/follow-marks.ts'
import {
  listOrganizationsToRead,
  listPullRequestTexts,
  type PullRequestKey,
  type PullRequestTexts,
  replaceKeys,
  takePullRequestsToRead,
} from '../../../store/delivery/remediation/key-marks.ts'
import { forEachOrganization } from '../each-organization.ts'

const pullRequestsAtOnce = 500
/** In one call, so that a worker can always stop soon; the rest waits for the next one. */
const batchesAtMost = 20

/** Writes down which keys the texts of each pull request name that may have changed. Answers how many it read. */
export async function readChangedKeys({ db }: { db: Db }): Promise<number> {
  return forEachOrganization(await listOrganizationsToRead(db), async (organizationId) => {
    let count = 0
    for (let batch = 0; batch < batchesAtMost; batch += 1) {
      const done = await db.transaction().execute((tx) => readBatch(tx, organizationId))
      count += done
      if (done < pullRequestsAtOnce) break
    }
    return count
  })
}

async function readBatch(tx: Db, organizationId: string): Promise<number> {
  if (!(await lockRemediation(tx, organizationId))) return 0
  const ids = await takePullRequestsToRead(tx, { organizationId, limit: pullRequestsAtOnce })
  if (ids.length === 0) return 0
  const texts = await listPullRequestTexts(tx, { organizationId, ids })
  await replaceKeys(tx, { organizationId, ids, keys: texts.flatMap(keysOf) })
  return ids.length
}

function keysOf({
  id,
  branch,
  title,
  description,
  commits,
  commentKeys,
  taskKeys,
}: PullRequestTexts): PullRequestKey[] {
  const found = {
    branch: listKeys(branch),
    title: listKeys(title),
    description: listKeys(description),
    commit: listKeys(commits),
    comment: commentKeys,
    task: taskKeys,
  }
  return Object.entries(found).flatMap(([place, keys]) => keys.map((key) => ({ pull_request_id: id, key, place })))
}
