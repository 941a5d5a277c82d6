import { keepSource } from '../git/bring-branch.ts'
import type { Person, PullRequest, Repository } from '../model.ts'
import { wrongField } from '../simulator-error.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { runPullRequestPipelines } from './pipeline-clock.ts'
import { findEnds, toSourceRepository } from './pull-request-source.ts'
import {
  type Acting,
  assertReviewers,
  editPullRequest,
  type OnPullRequest,
  raisePullRequestEvent,
  recordUpdate,
  setReviewers,
  touch,
} from './pull-requests.ts'

interface NewPullRequest {
  title: string
  description: string
  /** The repository itself, or a fork. */
  source: Repository
  sourceBranch: string
  destinationBranch: string | undefined
  closeSourceBranch: boolean
  draft: boolean
  reviewers: Person[]
}

/** Opens a pull request. What a second one for the same branches does, the switch `samePullRequestAgain` says. */
export async function createPullRequest(sim: Sim, acting: Acting, input: NewPullRequest): Promise<PullRequest> {
  return await inGitQueue(sim, acting.repository, async () => await create(sim, acting, input))
}

async function create(sim: Sim, acting: Acting, input: NewPullRequest): Promise<PullRequest> {
  const { repository, actor } = acting
  const destinationBranch = input.destinationBranch ?? repository.mainBranch
  if (destinationBranch === null) throw wrongField('destination', 'branch not found')
  const ends = await findEnds(sim, repository, { ...input, destinationBranch })
  const { sourceRepository } = toSourceRepository(repository, input.source)
  const same = repository.pullRequests.find(
    (one) =>
      one.state === 'OPEN' &&
      one.sourceRepository === sourceRepository &&
      one.sourceBranch === ends.sourceBranch &&
      one.destinationBranch === ends.destinationBranch,
  )
  const again = same === undefined ? 'second' : sim.switches.samePullRequestAgain
  assertReviewers(acting, again === 'updates' ? (same?.author ?? actor) : actor, input.reviewers)
  if (same !== undefined && again === 'updates') {
    // The rest of the open one stays as it is.
    await editPullRequest(
      sim,
      { ...acting, pullRequest: same },
      { title: input.title, closeSourceBranch: input.closeSourceBranch },
    )
    return same
  }
  const pullRequest = await openPullRequest(sim, acting, { ...input, ...ends })
  if (same !== undefined && again === 'supersedes') supersede(sim, { ...acting, pullRequest: same })
  return pullRequest
}

async function openPullRequest(
  sim: Sim,
  acting: Acting,
  input: NewPullRequest & Awaited<ReturnType<typeof findEnds>>,
): Promise<PullRequest> {
  const { repository } = acting
  const { title, description, draft, closeSourceBranch, reviewers } = input
  const { sourceBranch, sourceHash, destinationBranch, destinationHash } = input
  const date = sim.now()
  const pullRequest: PullRequest = {
    id: repository.pullRequests.reduce((most, one) => Math.max(most, one.id), 0) + 1,
    title,
    description,
    state: 'OPEN',
    draft,
    author: acting.actor,
    ...toSourceRepository(repository, input.source),
    sourceBranch,
    sourceHash,
    destinationBranch,
    destinationHash,
    mergeCommit: null,
    closedBy: null,
    reason: '',
    closeSourceBranch,
    reviewers: [],
    participants: [],
    comments: [],
    tasks: [],
    activity: [],
    createdOn: date,
    updatedOn: date,
  }
  setReviewers(pullRequest, reviewers)
  if (pullRequest.sourceRepository !== undefined) await keepSource(repository.directory, pullRequest)
  repository.pullRequests.push(pullRequest)
  recordUpdate({ ...acting, pullRequest }, date, {})
  raisePullRequestEvent(sim, { ...acting, pullRequest, event: 'created' })
  await runPullRequestPipelines(sim, acting, pullRequest.id)
  return pullRequest
}

/** Another pull request for the same branches has taken its place. */
function supersede(sim: Sim, on: OnPullRequest): void {
  const date = sim.now()
  on.pullRequest.state = 'SUPERSEDED'
  on.pullRequest.closedBy = on.actor
  touch(on.pullRequest, date)
  recordUpdate(on, date, {})
  raisePullRequestEvent(sim, { ...on, event: 'updated' })
}
