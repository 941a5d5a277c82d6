import type { JsonObject } from '../../shared/json.ts'
import { mergeBase, resolveCommit } from '../git/refs.ts'
import type { Participant, Person, PullRequest, Repository } from '../model.ts'
import { renderAccount } from '../render/account.ts'
import { renderPullRequest } from '../render/pull-request.ts'
import { badRequest, notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'

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
    payload: { pullrequest: renderPullRequest({ sim, repository: on.repository }, on.pullRequest), ...on.more },
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
  })
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

export async function createPullRequest(sim: Sim, acting: Acting, input: NewPullRequest): Promise<PullRequest> {
  const { repository, actor } = acting
  const destinationBranch = input.destinationBranch ?? repository.mainBranch
  if (destinationBranch === null) throw badRequest('destination branch not found')
  const [sourceHash, destinationHash] = await Promise.all([
    resolveCommit(repository.directory, `refs/heads/${input.sourceBranch}`),
    resolveCommit(repository.directory, `refs/heads/${destinationBranch}`),
  ])
  if (sourceHash === undefined) throw badRequest('Bad request', { source: [`branch not found: ${input.sourceBranch}`] })
  if (destinationHash === undefined)
    throw badRequest('Bad request', { destination: [`branch not found: ${destinationBranch}`] })
  if ((await mergeBase(repository.directory, sourceHash, destinationHash)) === sourceHash) {
    throw badRequest('There are no changes to be pulled')
  }
  const date = sim.now()
  const pullRequest: PullRequest = {
    id: Math.max(0, ...repository.pullRequests.map((one) => one.id)) + 1,
    title: input.title,
    description: input.description,
    state: 'OPEN',
    draft: input.draft,
    author: actor,
    sourceBranch: input.sourceBranch,
    sourceHash,
    destinationBranch,
    destinationHash,
    mergeCommit: null,
    closedBy: null,
    reason: '',
    closeSourceBranch: input.closeSourceBranch,
    reviewers: input.reviewers,
    participants: input.reviewers.map((person) => ({
      person,
      role: 'REVIEWER',
      approved: false,
      state: null,
      participatedOn: null,
    })),
    comments: [],
    tasks: [],
    activity: [],
    createdOn: date,
    updatedOn: date,
  }
  repository.pullRequests.push(pullRequest)
  recordUpdate({ ...acting, pullRequest }, date, {})
  raisePullRequestEvent(sim, { ...acting, pullRequest, event: 'created' })
  return pullRequest
}

interface PullRequestEdit {
  title?: string | undefined
  description?: string | undefined
  draft?: boolean | undefined
  closeSourceBranch?: boolean | undefined
  reviewers?: Person[] | undefined
  destinationBranch?: string | undefined
}

export function assertOpen(pullRequest: PullRequest): void {
  if (pullRequest.state !== 'OPEN') throw badRequest('This pull request is already closed.')
}

export async function updatePullRequest(sim: Sim, on: OnPullRequest, edit: PullRequestEdit): Promise<void> {
  const { pullRequest, repository } = on
  assertOpen(pullRequest)
  const changes: Record<string, { old: string; new: string }> = {}
  const note = (field: string, old: string, now: string) => {
    if (old !== now) changes[field] = { old, new: now }
  }
  if (edit.destinationBranch !== undefined && edit.destinationBranch !== pullRequest.destinationBranch) {
    const hash = await resolveCommit(repository.directory, `refs/heads/${edit.destinationBranch}`)
    if (hash === undefined)
      throw badRequest('Bad request', { destination: [`branch not found: ${edit.destinationBranch}`] })
    note('destination', pullRequest.destinationBranch, edit.destinationBranch)
    pullRequest.destinationBranch = edit.destinationBranch
    pullRequest.destinationHash = hash
  }
  note('title', pullRequest.title, edit.title ?? pullRequest.title)
  note('description', pullRequest.description, edit.description ?? pullRequest.description)
  pullRequest.title = edit.title ?? pullRequest.title
  pullRequest.description = edit.description ?? pullRequest.description
  pullRequest.draft = edit.draft ?? pullRequest.draft
  pullRequest.closeSourceBranch = edit.closeSourceBranch ?? pullRequest.closeSourceBranch
  if (edit.reviewers !== undefined) setReviewers(pullRequest, edit.reviewers)
  const date = sim.now()
  touch(pullRequest, date)
  recordUpdate(on, date, changes)
  raisePullRequestEvent(sim, { ...on, event: 'updated' })
}

function setReviewers(pullRequest: PullRequest, reviewers: Person[]): void {
  pullRequest.reviewers = reviewers
  const isReviewer = (person: Person) => reviewers.some((one) => one.uuid === person.uuid)
  for (const one of pullRequest.participants) one.role = isReviewer(one.person) ? 'REVIEWER' : 'PARTICIPANT'
  for (const person of reviewers) {
    if (pullRequest.participants.some((one) => one.person.uuid === person.uuid)) continue
    pullRequest.participants.push({ person, role: 'REVIEWER', approved: false, state: null, participatedOn: null })
  }
}

type Verdict = 'approved' | 'changes_requested'

const verdictEvents = {
  approved: { given: 'approved', withdrawn: 'unapproved', key: 'approval' },
  changes_requested: { given: 'changes_request_created', withdrawn: 'changes_request_removed', key: 'changes_request' },
} as const

/** Approves or asks for changes; the one takes the place of the other. */
export function giveVerdict(sim: Sim, on: OnPullRequest, verdict: Verdict): Participant {
  assertOpen(on.pullRequest)
  const date = sim.now()
  const mine = participate(on, date)
  if (mine.state === verdict)
    throw new SimulatorError(
      409,
      `You already ${verdict === 'approved' ? 'approved' : 'requested changes on'} this pull request.`,
    )
  mine.state = verdict
  mine.approved = verdict === 'approved'
  touch(on.pullRequest, date)
  on.pullRequest.activity.push({
    kind: verdict === 'approved' ? 'approval' : 'changes_requested',
    date,
    person: on.actor,
  })
  const { given, key } = verdictEvents[verdict]
  raisePullRequestEvent(sim, { ...on, event: given, more: { [key]: { date, user: renderAccount(sim, on.actor) } } })
  return mine
}

export function withdrawVerdict(sim: Sim, on: OnPullRequest, verdict: Verdict): void {
  assertOpen(on.pullRequest)
  const mine = on.pullRequest.participants.find((one) => one.person.uuid === on.actor.uuid)
  if (mine === undefined || mine.state !== verdict) {
    throw notFound(
      verdict === 'approved'
        ? "You haven't approved this pull request."
        : "You haven't requested changes on this pull request.",
    )
  }
  const date = sim.now()
  mine.state = null
  mine.approved = false
  touch(on.pullRequest, date)
  const { withdrawn, key } = verdictEvents[verdict]
  raisePullRequestEvent(sim, { ...on, event: withdrawn, more: { [key]: { date, user: renderAccount(sim, on.actor) } } })
}

export function declinePullRequest(sim: Sim, on: OnPullRequest, reason: string): void {
  assertOpen(on.pullRequest)
  const date = sim.now()
  on.pullRequest.state = 'DECLINED'
  on.pullRequest.closedBy = on.actor
  on.pullRequest.reason = reason
  touch(on.pullRequest, date)
  recordUpdate(on, date, {})
  raisePullRequestEvent(sim, { ...on, event: 'rejected' })
}
