import type { Comment, Person, PullRequest, Repository } from '../model.ts'
import { type Sim, stableUuid } from '../state.ts'
import { type BuiltHistory, lineOf } from './build-history.ts'
import type { PersonKey, SeedComment, SeedPullRequest, SeedRepository } from './seed-repository.ts'
import { daysAgo } from './today.ts'

interface Soil {
  seed: SeedRepository
  history: BuiltHistory
  hashes: Map<number, string>
}

export function personOf(sim: Sim, key: PersonKey): Person {
  const uuid = stableUuid(sim.seed, `person-${key}`)
  const person = sim.people.find((one) => one.uuid === uuid)
  if (person === undefined) throw new Error(`seed: ${key} is not planted`)
  return person
}

/** Past activity: planted silently, without webhooks. */
export function plantPullRequests(sim: Sim, repository: Repository, soil: Soil): void {
  for (const seed of soil.seed.pullRequests)
    repository.pullRequests.push(plantOne(sim, repository.pullRequests.length + 1, { seed, soil }))
}

function endpoints(seed: SeedPullRequest, { history, hashes }: Soil) {
  const hashOf = (mark: number | undefined) => hashes.get(mark ?? 0) ?? ''
  const merge = history.merges.get(seed.source)
  return {
    sourceHash: hashOf(history.tips.get(seed.source)),
    destinationHash: hashOf(merge?.parent ?? history.tips.get('main')),
    mergeCommit: seed.state === 'MERGED' ? hashOf(merge?.mark) : null,
  }
}

function plantOne(sim: Sim, id: number, input: { seed: SeedPullRequest; soil: Soil }): PullRequest {
  const { seed, soil } = input
  const reviewers = seed.reviewers.map((key) => personOf(sim, key))
  const approvers = (seed.approvedBy ?? []).map((key) => personOf(sim, key).uuid)
  const opened = daysAgo(seed.openedDaysAgo)
  const closed = seed.closedDaysAgo === undefined ? undefined : daysAgo(seed.closedDaysAgo)
  const decided = daysAgo((seed.closedDaysAgo ?? seed.openedDaysAgo - 1) + 0.2)
  const author = personOf(sim, seed.author)
  const pullRequest: PullRequest = {
    id,
    title: seed.title,
    description: seed.description,
    state: seed.state,
    draft: seed.draft ?? false,
    author,
    sourceBranch: seed.source,
    destinationBranch: 'main',
    ...endpoints(seed, soil),
    closedBy: seed.closedBy === undefined ? null : personOf(sim, seed.closedBy),
    reason: '',
    closeSourceBranch: false,
    reviewers,
    participants: reviewers.map((person) => {
      const approved = approvers.includes(person.uuid)
      return {
        person,
        role: 'REVIEWER',
        approved,
        state: approved ? 'approved' : null,
        participatedOn: approved ? decided : null,
      }
    }),
    comments: [],
    tasks: [],
    activity: [],
    createdOn: opened,
    updatedOn: closed ?? opened,
  }
  const update = (date: string, person: Person, state: PullRequest['state']) =>
    pullRequest.activity.push({
      kind: 'update',
      date,
      person,
      state,
      title: seed.title,
      description: seed.description,
      reason: '',
      sourceHash: pullRequest.sourceHash,
      destinationHash: pullRequest.destinationHash,
      changes: {},
    })
  update(opened, author, 'OPEN')
  for (const person of reviewers)
    if (approvers.includes(person.uuid)) pullRequest.activity.push({ kind: 'approval', date: decided, person })
  if (closed !== undefined) update(closed, pullRequest.closedBy ?? author, seed.state)
  for (const comment of seed.comments ?? [])
    plantComment(sim, pullRequest, { comment, tree: soil.history.trees.get(seed.source) })
  pullRequest.activity.sort((one, other) => (one.date < other.date ? -1 : 1))
  return pullRequest
}

function plantComment(
  sim: Sim,
  pullRequest: PullRequest,
  input: { comment: SeedComment; tree: Map<string, string> | undefined },
): void {
  const { comment: seed, tree } = input
  const inline =
    seed.at === undefined
      ? null
      : {
          path: seed.at.path,
          from: null,
          to: lineOf(tree?.get(seed.at.path), seed.at.needle),
          startFrom: null,
          startTo: null,
          outdated: false,
        }
  const add = (one: { author: PersonKey; daysAgo: number; raw: string }, parentId: number | null): number => {
    const date = daysAgo(one.daysAgo)
    const comment: Comment = {
      id: sim.newId(),
      author: personOf(sim, one.author),
      raw: one.raw,
      createdOn: date,
      updatedOn: date,
      deleted: false,
      pending: false,
      parentId,
      inline,
      resolution: null,
    }
    pullRequest.comments.push(comment)
    pullRequest.activity.push({ kind: 'comment', date, commentId: comment.id })
    if (date > pullRequest.updatedOn) pullRequest.updatedOn = date
    return comment.id
  }
  const id = add(seed, null)
  for (const reply of seed.replies ?? []) add(reply, id)
}
