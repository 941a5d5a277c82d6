import { atLeast, grantedTo } from '../auth/permission.ts'
import { listCommits } from '../git/commits.ts'
import { type MergeStrategy, makeMerge } from '../git/merge.ts'
import { updateRef } from '../git/refs.ts'
import type { PullRequest, Repository } from '../model.ts'
import { fullName } from '../render/links.ts'
import { badRequest, forbidden, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { isStopped } from './branch-restrictions.ts'
import { mergeChecks } from './merge-checks.ts'
import { sourceOf } from './pull-request-source.ts'
import { assertOpen, type OnPullRequest, raisePullRequestEvent, recordUpdate, touch } from './pull-requests.ts'
import { changeRefs } from './push.ts'

export interface MergeWish {
  strategy: MergeStrategy
  message: string | undefined
  closeSourceBranch: boolean | undefined
}

/** Bytes a commit message may have. */
const longestMessage = 128 * 1024

/** What the remote writes: the pull request, what a squash holds, and who approved of it. */
async function usualMessage(sim: Sim, on: OnPullRequest, strategy: MergeStrategy): Promise<string> {
  const { pullRequest, repository } = on
  const { sourceHash, destinationHash } = pullRequest
  const source = sourceOf(sim, on) ?? repository
  const from = source === repository ? '' : `${fullName(source)}/`
  const isSquash = strategy === 'squash' || strategy === 'squash_fast_forward'
  const squashed = isSquash
    ? await listCommits(repository.directory, { include: [sourceHash], exclude: [destinationHash] })
    : []
  const approvers = pullRequest.participants.filter((one) => one.approved)
  return [
    `Merged in ${from}${pullRequest.sourceBranch} (pull request #${pullRequest.id})`,
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

/** Whether the merge deletes the source branch: a protected one stays, as does that of a fork one cannot push to. */
function closesBranch(source: Repository, on: OnPullRequest, wish: MergeWish): boolean {
  const { pullRequest, repository, actor } = on
  const branch = pullRequest.sourceBranch
  if (!(wish.closeSourceBranch ?? pullRequest.closeSourceBranch) || branch === source.mainBranch) return false
  if (source !== repository && !atLeast(grantedTo(source, actor), 'write')) return false
  return !isStopped(source, actor, { branch, kinds: ['delete'] })
}

/** Deletes the source branch unless it has moved on. */
async function closeBranch({ directory }: Repository, { sourceBranch, sourceHash }: PullRequest): Promise<void> {
  await updateRef(directory, { ref: `refs/heads/${sourceBranch}`, from: sourceHash, to: null })
}

/** In the queue of the destination: makes the merged commit and moves the branch to it. */
async function mergeInGit(sim: Sim, on: OnPullRequest, wish: MergeWish): Promise<string> {
  const { pullRequest, repository, actor } = on
  const { directory } = repository
  const outcome = await makeMerge({
    directory,
    source: pullRequest.sourceHash,
    destination: pullRequest.destinationHash,
    strategy: wish.strategy,
    message: wish.message ?? (await usualMessage(sim, on, wish.strategy)),
    merger: actor,
    squashAuthor: sim.switches.squashAuthor === 'merger' ? actor : pullRequest.author,
    at: Math.floor(sim.clock() / 1000),
  })
  const status = sim.switches.mergeRefusalStatus
  if (outcome.kind === 'conflict')
    throw new SimulatorError(status, "You can't merge until you resolve all merge conflicts.")
  if (outcome.kind === 'not_fast_forward')
    throw new SimulatorError(status, 'Unable to fast forward due to changes in the destination branch.')
  const moved = await updateRef(directory, {
    ref: `refs/heads/${pullRequest.destinationBranch}`,
    from: pullRequest.destinationHash,
    to: outcome.hash,
  })
  if (!moved) throw new SimulatorError(409, 'Unable to merge: one of the branches changed while attempting to merge.')
  return outcome.hash
}

/** Merges in git, moves the branches, closes the pull request. Refuses what cannot be merged, and changes nothing then. */
export async function mergePullRequest(sim: Sim, on: OnPullRequest, wish: MergeWish): Promise<void> {
  if (Buffer.byteLength(wish.message ?? '') > longestMessage)
    throw badRequest('Bad request', { message: ['The message is limited to 128 KiB.'] })
  const { pullRequest, repository, actor } = on
  const source = await changeRefs(sim, on, async () => {
    await assertMergeable(sim, on)
    const from = sourceOf(sim, on)
    const closed = from !== undefined && closesBranch(from, on, wish) ? from : undefined
    const hash = await mergeInGit(sim, on, wish)
    if (closed === repository) await closeBranch(repository, pullRequest)
    const date = sim.now()
    pullRequest.state = 'MERGED'
    pullRequest.mergeCommit = hash
    pullRequest.closedBy = actor
    touch(pullRequest, date)
    recordUpdate(on, date, {})
    raisePullRequestEvent(sim, { ...on, event: 'fulfilled' })
    return closed
  })
  // A fork has a queue of its own.
  if (source !== undefined && source !== repository && sim.repositories.includes(source))
    await changeRefs(sim, { repository: source, actor }, async () => await closeBranch(source, pullRequest))
}
