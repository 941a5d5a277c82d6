import { type MergeStrategy, makeMerge } from '../git/merge.ts'
import { listRefs, updateRef } from '../git/refs.ts'
import { SimulatorError } from '../simulator-error.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { assertOpen, type OnPullRequest, raisePullRequestEvent, recordUpdate, touch } from './pull-requests.ts'
import { recordPush } from './push.ts'

interface MergeWish {
  strategy: MergeStrategy
  message: string | undefined
  closeSourceBranch: boolean | undefined
}

function usualMessage({ pullRequest }: OnPullRequest): string {
  return `Merged in ${pullRequest.sourceBranch} (pull request #${pullRequest.id})\n\n${pullRequest.title}\n`
}

/** Merges in git, moves the branch, closes the pull request. 409 when it cannot be merged. */
export async function mergePullRequest(sim: Sim, on: OnPullRequest, wish: MergeWish): Promise<void> {
  await inGitQueue(sim, on.repository, async () => {
    const { pullRequest, repository, actor } = on
    assertOpen(pullRequest)
    if (pullRequest.draft) throw new SimulatorError(409, 'Draft pull requests cannot be merged.')
    const { directory } = repository
    const before = await listRefs(directory)
    const outcome = await makeMerge({
      directory,
      source: pullRequest.sourceHash,
      destination: pullRequest.destinationHash,
      strategy: wish.strategy,
      message: wish.message ?? usualMessage(on),
      author: actor,
      at: Math.floor(sim.clock() / 1000),
    })
    if (outcome.kind === 'conflict')
      throw new SimulatorError(409, 'You can’t merge until you resolve all merge conflicts.')
    if (outcome.kind === 'not_fast_forward')
      throw new SimulatorError(409, 'Cannot fast forward: the destination branch has moved.')
    const moved = await updateRef(directory, {
      ref: `refs/heads/${pullRequest.destinationBranch}`,
      from: pullRequest.destinationHash,
      to: outcome.hash,
    })
    if (!moved) throw new SimulatorError(409, 'The destination branch has moved.')
    if (wish.closeSourceBranch ?? pullRequest.closeSourceBranch) {
      await updateRef(directory, {
        ref: `refs/heads/${pullRequest.sourceBranch}`,
        from: pullRequest.sourceHash,
        to: null,
      })
    }
    const date = sim.now()
    pullRequest.state = 'MERGED'
    pullRequest.mergeCommit = outcome.hash
    pullRequest.closedBy = actor
    touch(pullRequest, date)
    recordUpdate(on, date, {})
    raisePullRequestEvent(sim, { ...on, event: 'fulfilled' })
    await recordPush(sim, on, { before, after: await listRefs(directory) })
  })
}
