import { keepSource } from '../git/bring-branch.ts'
import { type GitRef, isAncestor, listMergesOf } from '../git/refs.ts'
import type { PullRequest, Repository } from '../model.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { outdateComments } from './outdate-comments.ts'
import { bringSource, relativesOf } from './pull-request-source.ts'
import { type Acting, raisePullRequestEvent, recordUpdate, touch } from './pull-requests.ts'
import { resetVerdicts } from './reset-verdicts.ts'

export interface RefChange {
  before: GitRef | undefined
  after: GitRef | undefined
}

/** The source of a pull request moved: comments may be outdated, approvals may be taken back. */
async function moveSource(sim: Sim, acting: Acting, input: { pullRequest: PullRequest; to: string }): Promise<void> {
  const { pullRequest, to } = input
  const from = pullRequest.sourceHash
  await outdateComments(acting.repository, pullRequest, { from, to })
  pullRequest.sourceHash = to
  const date = sim.now()
  touch(pullRequest, date)
  const on = { ...acting, pullRequest }
  recordUpdate(on, date, {})
  await resetVerdicts(sim, on, { from, to })
  raisePullRequestEvent(sim, { ...on, event: 'updated' })
  raisePullRequestEvent(sim, { ...on, event: 'push' })
}

/** Whoever merges on a machine of their own and pushes has merged the pull request too. */
async function closeWhenMerged(sim: Sim, acting: Acting, input: { pullRequest: PullRequest; to: string }) {
  const { pullRequest, to } = input
  const { directory } = acting.repository
  if (!(await isAncestor(directory, pullRequest.sourceHash, to))) return false
  const merges = await listMergesOf(directory, { commit: pullRequest.sourceHash, tip: to })
  const date = sim.now()
  pullRequest.state = 'MERGED'
  pullRequest.mergeCommit = merges[0] ?? pullRequest.sourceHash
  pullRequest.closedBy = acting.actor
  touch(pullRequest, date)
  const on = { ...acting, pullRequest }
  recordUpdate(on, date, {})
  raisePullRequestEvent(sim, { ...on, event: 'fulfilled' })
  return true
}

/** What a moved branch does to the open pull requests it is the source or the destination of. */
export async function followBranch(sim: Sim, acting: Acting, { after }: RefChange): Promise<void> {
  // A deleted branch changes nothing: its pull requests stay open and cannot be merged.
  if (after === undefined || after.kind !== 'branch') return
  const to = after.hash
  for (const pullRequest of acting.repository.pullRequests) {
    if (pullRequest.state !== 'OPEN') continue
    const isSource = pullRequest.sourceRepository === undefined && pullRequest.sourceBranch === after.name
    if (isSource && pullRequest.sourceHash !== to) await moveSource(sim, acting, { pullRequest, to })
    if (pullRequest.destinationBranch !== after.name || pullRequest.destinationHash === to) continue
    // The destination is followed silently; a merged pull request keeps where it stood before.
    if (!(await closeWhenMerged(sim, acting, { pullRequest, to }))) pullRequest.destinationHash = to
  }
}

/** Where pull requests from a repository may be: also in those that are no relatives of it any more. */
function destinationsOf(sim: Sim, source: Repository): Repository[] {
  const relatives = relativesOf(sim, source)
  return sim.repositories.filter(
    (one) => relatives.includes(one) || one.pullRequests.some((each) => each.sourceRepository === source.uuid),
  )
}

/**
 * The same for open pull requests of other repositories. Each is brought to where its branch is now: a push that came
 * later may be seen by the follower of an earlier one, which then leaves nothing to do. A destination that has no such
 * pull request is waited for all the same, as one may just be made there.
 */
export async function followFromElsewhere(sim: Sim, { repository: source, actor }: Acting, changes: RefChange[]) {
  const moved = changes.flatMap(({ after }) => (after?.kind === 'branch' ? [after.name] : []))
  if (moved.length === 0) return
  for (const repository of destinationsOf(sim, source))
    await inGitQueue(sim, repository, async () => {
      if (!sim.repositories.includes(repository)) return
      for (const pullRequest of repository.pullRequests) {
        const { state, sourceRepository, sourceBranch: branch } = pullRequest
        if (state !== 'OPEN' || sourceRepository !== source.uuid || !moved.includes(branch)) continue
        const to = await bringSource(sim, repository, { source, branch })
        if (to === undefined || to === pullRequest.sourceHash) continue
        await moveSource(sim, { repository, actor }, { pullRequest, to })
        await keepSource(repository.directory, pullRequest)
      }
    })
}
