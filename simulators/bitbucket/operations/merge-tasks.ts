import type { MergeTask, PullRequest, Repository } from '../model.ts'
import type { Sim } from '../state.ts'
import { type MergeWish, mergePullRequest } from './merge-pull-request.ts'
import { assertOpen, type OnPullRequest } from './pull-requests.ts'

/** Merges by itself from here on; the caller asks for the task's status. */
export function startMergeTask(sim: Sim, on: OnPullRequest, wish: MergeWish): MergeTask {
  assertOpen(on.pullRequest)
  const task: MergeTask = {
    id: sim.newUuid().slice(1, -1),
    repositoryUuid: on.repository.uuid,
    pullRequestId: on.pullRequest.id,
    person: on.actor,
    pendingPolls: sim.switches.mergeTaskPendingPolls,
    failure: mergePullRequest(sim, on, wish).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    ),
  }
  sim.mergeTasks.push(task)
  return task
}

type TaskState = { kind: 'pending' } | { kind: 'success' } | { kind: 'failed'; error: Error } | { kind: 'elsewhere' }

/** How a merge stands. An id that nobody gave out stays pending for ever, as on the real one. */
export async function readMergeTask(
  sim: Sim,
  { repository, pullRequest }: { repository: Repository; pullRequest: PullRequest },
  id: string,
): Promise<TaskState> {
  const task = sim.mergeTasks.find((one) => one.id === id && one.repositoryUuid === repository.uuid)
  if (task === undefined) return { kind: 'pending' }
  if (task.pullRequestId !== pullRequest.id) return { kind: 'elsewhere' }
  if (task.pendingPolls > 0) {
    task.pendingPolls -= 1
    return { kind: 'pending' }
  }
  const error = await task.failure
  return error === undefined ? { kind: 'success' } : { kind: 'failed', error }
}
