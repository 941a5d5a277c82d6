import type { JsonObject } from '../../shared/json.ts'
import { mergeBase, resolveCommit } from '../git/refs.ts'
import type { Participant, Person, PullRequest, Repository } from '../model.ts'
import { renderPayloadPullRequest } from '../render/pull-request.ts'
import { badRequest, notFound, wrongField } from '../simulator-error.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { runPullRequestPipelines } from './pipeline-clock.ts'

export interface Acting {
  actor: Person
  repository: Repository
}

export interface OnPullRequest extends Acting {
  pullRequest: PullRequest
}

export function getPullRequest(repository: Repository, id: string): PullRequest {
  const found = repository.pullRequests.find((one) => String(one.id) === id)
  if (found === undefined) throw notFound(`PullRequest matching query does not exist.`)
  return found
}

/** The payload every pullrequest event starts with, plus what the event adds. */
export function raisePullRequestEvent(sim: Sim, on: OnPullRequest & { event: string; more?: JsonObject }): void {
  raiseEvent(sim, {
    event: `pullrequest:${on.event}`,
    repository: on.repository,
    actor: on.actor,
    payload: { pullrequest: renderPayloadPullRequest({ sim, repository: on.repository }, on.pullRequest), ...on.more },
  })
}

export function touch(pullRequest: PullRequest, date: string): void {
  pullRequest.updatedOn = date
}

/** The person's entry among the participants, made when missing. */
export function participate(on: OnPullRequest, date: string): Participant {
  const { pullRequest, actor } = on
  let mine = pullRequest.participants.find((one) => one.person.uuid === actor.uuid)
  if (mine === undefined) {
    const isReviewer = pullRequest.reviewers.some((one) => one.uuid === actor.uuid)
    mine = {
      person: actor,
      role: isReviewer ? 'REVIEWER' : 'PARTICIPANT',
      approved: false,
      state: null,
      participatedOn: date,
    }
    pullRequest.participants.push(mine)
  }
  mine.participatedOn = date
  return mine
}

export function recordUpdate(
  on: OnPullRequest,
  date: string,
  changes: Record<string, { old: string; new: string }>,
): void {
  const { pullRequest, actor } = on
  pullRequest.activity.push({
    kind: 'update',
    date,
    person: actor,
    state: pullRequest.state,
    title: pullRequest.title,
    description: pullRequest.description,
    reason: pullRequest.reason,
    sourceHash: pullRequest.sourceHash,
    destinationHash: pullRequest.destinationHash,
    changes,
    draft: pullRequest.draft,
    destinationBranch: pullRequest.destinationBranch,
  })
}

interface Ends {
  sourceBranch: string
  destinationBranch: string
}

/** The commits that two branches stand at, when there is something to bring from the one to the other. */
async function findEnds(repository: Repository, { sourceBranch, destinationBranch }: Ends) {
  const [sourceHash, destinationHash] = await Promise.all([
    resolveCommit(repository.directory, `refs/heads/${sourceBranch}`),
    resolveCommit(repository.directory, `refs/heads/${destinationBranch}`),
  ])
  if (sourceHash === undefined) throw wrongField('source', `branch not found: ${sourceBranch}`)
  if (destinationHash === undefined) throw wrongField('destination', `branch not found: ${destinationBranch}`)
  if ((await mergeBase(repository.directory, sourceHash, destinationHash)) === sourceHash)
    throw badRequest('There are no changes to be pulled')
  return { sourceBranch, sourceHash, destinationBranch, destinationHash }
}

function assertReviewers({ repository }: Acting, author: Person, reviewers: Person[]): void {
  for (const person of reviewers) {
    const name = person.displayName
    if (person.uuid === author.uuid)
      throw wrongField('reviewers', `${name} is the author and cannot be included as a reviewer.`)
    const isMember = repository.workspace.members.some((one) => one.person.uuid === person.uuid)
    if (!isMember && !repository.permissions.has(person.uuid))
      throw wrongField(
        'reviewers',
        `${name} is not a member of this workspace and cannot be added to this pull request`,
      )
  }
}

interface NewPullRequest {
  title: string
  description: string
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
  const ends = await findEnds(repository, { sourceBranch: input.sourceBranch, destinationBranch })
  const same = repository.pullRequests.find(
    (one) =>
      one.state === 'OPEN' &&
      one.sourceBranch === ends.sourceBranch &&
      one.destinationBranch === ends.destinationBranch,
  )
  const again = same === undefined ? 'second' : sim.switches.samePullRequestAgain
  assertReviewers(acting, again === 'updates' ? (same?.author ?? actor) : actor, input.reviewers)
  if (same !== undefined && again === 'updates') {
    // The rest of the open one stays as it is.
    await edit(
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
  repository.pullRequests.push(pullRequest)
  recordUpdate({ ...acting, pullRequest }, date, {})
  raisePullRequestEvent(sim, { ...acting, pullRequest, event: 'created' })
  await runPullRequestPipelines(sim, acting, pullRequest.id)
  return pullRequest
}

interface PullRequestEdit {
  title?: string | undefined
  description?: string | undefined
  draft?: boolean | undefined
  closeSourceBranch?: boolean | undefined
  reviewers?: Person[] | undefined
  sourceBranch?: string | undefined
  destinationBranch?: string | undefined
}

export function assertOpen(pullRequest: PullRequest): void {
  if (pullRequest.state !== 'OPEN') throw wrongField('newstatus', 'This pull request is already closed.')
}

/** Changes what is given and leaves the rest. Pushes and merges wait for it, as it waits for them. */
export async function updatePullRequest(sim: Sim, on: OnPullRequest, given: PullRequestEdit): Promise<void> {
  await inGitQueue(sim, on.repository, async () => await edit(sim, on, given))
}

async function edit(sim: Sim, on: OnPullRequest, given: PullRequestEdit): Promise<void> {
  const { pullRequest, repository } = on
  if (pullRequest.state !== 'OPEN') throw badRequest('Can only update an open pull request.')
  if (given.reviewers !== undefined) assertReviewers(on, pullRequest.author, given.reviewers)
  const changes: Record<string, { old: string; new: string }> = {}
  const note = (field: string, old: string, now: string) => {
    if (old !== now) changes[field] = { old, new: now }
  }
  const wanted = {
    sourceBranch: given.sourceBranch ?? pullRequest.sourceBranch,
    destinationBranch: given.destinationBranch ?? pullRequest.destinationBranch,
  }
  note('source', pullRequest.sourceBranch, wanted.sourceBranch)
  note('destination', pullRequest.destinationBranch, wanted.destinationBranch)
  if (Object.keys(changes).length > 0) Object.assign(pullRequest, await findEnds(repository, wanted))
  note('title', pullRequest.title, given.title ?? pullRequest.title)
  note('description', pullRequest.description, given.description ?? pullRequest.description)
  note('draft', String(pullRequest.draft), String(given.draft ?? pullRequest.draft))
  pullRequest.title = given.title ?? pullRequest.title
  pullRequest.description = given.description ?? pullRequest.description
  pullRequest.draft = given.draft ?? pullRequest.draft
  pullRequest.closeSourceBranch = given.closeSourceBranch ?? pullRequest.closeSourceBranch
  if (given.reviewers !== undefined) setReviewers(pullRequest, given.reviewers)
  const date = sim.now()
  touch(pullRequest, date)
  recordUpdate(on, date, changes)
  raisePullRequestEvent(sim, { ...on, event: 'updated' })
}

/** Reviewers who are none any more stay as participants when they have done something. */
function setReviewers(pullRequest: PullRequest, reviewers: Person[]): void {
  pullRequest.reviewers = reviewers
  const isReviewer = (person: Person) => reviewers.some((one) => one.uuid === person.uuid)
  pullRequest.participants = pullRequest.participants.filter(
    (one) => one.participatedOn !== null || isReviewer(one.person),
  )
  for (const one of pullRequest.participants) one.role = isReviewer(one.person) ? 'REVIEWER' : 'PARTICIPANT'
  for (const person of reviewers) {
    if (pullRequest.participants.some((one) => one.person.uuid === person.uuid)) continue
    pullRequest.participants.push({ person, role: 'REVIEWER', approved: false, state: null, participatedOn: null })
  }
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

export async function declinePullRequest(sim: Sim, on: OnPullRequest, reason: string): Promise<void> {
  await inGitQueue(sim, on.repository, async () => decline(sim, on, reason))
}

function decline(sim: Sim, on: OnPullRequest, reason: string): void {
  assertOpen(on.pullRequest)
  const date = sim.now()
  on.pullRequest.state = 'DECLINED'
  on.pullRequest.closedBy = on.actor
  on.pullRequest.reason = reason
  touch(on.pullRequest, date)
  recordUpdate(on, date, {})
  raisePullRequestEvent(sim, { ...on, event: 'rejected' })
}
