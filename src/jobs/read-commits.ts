import type { CommitDeps } from '../usecases/delivery/commits/commit-deps.ts'
import { type CommitsRead, readCommits } from '../usecases/delivery/commits/read-commits.ts'
import { feedData, type JobHandler } from './handler.ts'

/** What stops it is on the feed; the next round comes by itself. */
export function readCommitsJob(deps: CommitDeps): JobHandler {
  return async (data) => {
    const key = feedData.parse(data)
    const outcome: CommitsRead = await readCommits(deps, key)
    deps.log.debug({ ...key, ...outcome }, 'commits were looked for')
  }
}
