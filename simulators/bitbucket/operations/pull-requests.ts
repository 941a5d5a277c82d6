import type { JsonObject } from '../../shared/json.ts'
import { keepSource } from '../git/bring-branch.ts'
import type { Participant, Person, PullRequest, Repository } from '../model.ts'
import { renderPayloadPullRequest } from '../render/pull-request.ts'
import { badRequest, notFound, wrongField } from '../simulator-error.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { findEnds, sourceOf } from './pull-request-source.ts'

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

export function assertReviewers({ repository }: Acting, author: Person, reviewers: Person[]): void {
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
  await inGitQueue(sim, on.repository, async () => await editPullRequest(sim, on, given))
}

/** The same for whoever stands in the queue already. */
export async function editPullRequest(sim: Sim, on: OnPullRequest, given: PullRequestEdit): Promise<void> {
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
  if (Object.keys(changes).length > 0) {
    Object.assign(pullRequest, await findEnds(sim, repository, { ...wanted, source: sourceOf(sim, on) }))
    if (pullRequest.sourceRepository !== undefined) await keepSource(repository.directory, pullRequest)
  }
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
export function setReviewers(pullRequest: PullRequest, reviewers: Person[]): void {
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
