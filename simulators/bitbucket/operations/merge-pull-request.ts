import { listCommits } from '../git/commits.ts'
import { type MergeStrategy, makeMerge } from '../git/merge.ts'
import { listRefs, updateRef } from '../git/refs.ts'
import { badRequest, forbidden, SimulatorError } from '../simulator-error.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { isStopped } from './branch-restrictions.ts'
import { mergeChecks } from './merge-checks.ts'
import { assertOpen, type OnPullRequest, raisePullRequestEvent, recordUpdate, touch } from './pull-requests.ts'
import { recordPush } from './push.ts'

export interface MergeWish {
  strategy: MergeStrategy
  message: string | undefined
  closeSourceBranch: boolean | undefined
}

/** Bytes a commit message may have. */
const longestMessage = 128 * 1024

/** What the remote writes: the pull request, what a squash holds, and who approved of it. */
async function usualMessage({ pullRequest, repository }: OnPullRequest, strategy: MergeStrategy): Promise<string> {
  const { sourceHash, destinationHash } = pullRequest
  const isSquash = strategy === 'squash' || strategy === 'squash_fast_forward'
  const squashed = isSquash
    ? await listCommits(repository.directory, { include: [sourceHash], exclude: [destinationHash] })
    : []
  const approvers = pullRequest.participants.filter((one) => one.approved)
  return [
    `Merged in ${pullRequest.sourceBranch} (pull request #${pullRequest.id})`,
    pullRequest.title,
    ...squashed.toReversed().map((commit) => `* ${commit.message.trimEnd()}`),
    approvers.map((one) => `Approved-by: ${one.person.displayName}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

/** Throws what the remote refuses a merge with. */
async function assertMergeable(sim: Sim, on: OnPullRequest): Promise<void> {
  assertOpen(on.pullRequest)
  const failed = (await mergeChecks(sim, on, true)).filter((check) => !check.passed && check.required)
  for (const check of failed) {
    if (check.type === 'current_user_permission_check') throw forbidden(check.refusal)
    // Each strategy has conflicts of its own: they show when it is tried.
    if (check.reason === 'conflicts') continue
    throw new SimulatorError(sim.switches.mergeRefusalStatus, check.refusal)
  }
}

async function moveBranches(sim: Sim, on: OnPullRequest, input: { hash: string; wish: MergeWish }): Promise<void> {
  const { pullRequest, repository } = on
  const { directory } = repository
  const moved = await updateRef(directory, {
    ref: `refs/heads/${pullRequest.destinationBranch}`,
    from: pullRequest.destinationHash,
    to: input.hash,
  })
  if (!moved) throw new SimulatorError(409, 'Unable to merge: one of the branches changed while attempting to merge.')
  const closes = input.wish.closeSourceBranch ?? pullRequest.closeSourceBranch
  const isKept =
    pullRequest.sourceBranch === repository.mainBranch ||
    isStopped(repository, on.actor, { branch: pullRequest.sourceBranch, kinds: ['delete'] })
  if (!closes || isKept) return
  await updateRef(directory, { ref: `refs/heads/${pullRequest.sourceBranch}`, from: pullRequest.sourceHash, to: null })
}

/** Merges in git, moves the branches, closes the pull request. Refuses what cannot be merged, and changes nothing then. */
export async function mergePullRequest(sim: Sim, on: OnPullRequest, wish: MergeWish): Promise<void> {
  if (Buffer.byteLength(wish.message ?? '') > longestMessage)
    throw badRequest('Bad request', { message: ['The message is limited to 128 KiB.'] })
  await inGitQueue(sim, on.repository, async () => {
    const { pullRequest, repository, actor } = on
    await assertMergeable(sim, on)
    const { directory } = repository
    const before = await listRefs(directory)
    const outcome = await makeMerge({
      directory,
      source: pullRequest.sourceHash,
      destination: pullRequest.destinationHash,
      strategy: wish.strategy,
      message: wish.message ?? (await usualMessage(on, wish.strategy)),
      merger: actor,
      squashAuthor: sim.switches.squashAuthor === 'merger' ? actor : pullRequest.author,
      at: Math.floor(sim.clock() / 1000),
    })
    const status = sim.switches.mergeRefusalStatus
    if (outcome.kind === 'conflict')
      throw new SimulatorError(status, "You can't merge until you resolve all merge conflicts.")
    if (outcome.kind === 'not_fast_forward')
      throw new SimulatorError(status, 'Unable to fast forward due to changes in the destination branch.')
    await moveBranches(sim, on, { hash: outcome.hash, wish })
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
