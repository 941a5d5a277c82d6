import type { Activity, Comment, Participant, PullRequest, Task } from '../model.ts'
import type { Branch, History, MainEntry } from './history.ts'
import type { Colleague } from './people.ts'
import type { PlannedComment, PlannedEvent, PlannedPullRequest } from './plan.ts'
import { itemAt, type Random } from './random.ts'
import { stamp } from './stamp.ts'

/** What a plan is told as: the hashes of its commits are known by now. */
export interface Told {
  history: History
  hashOf: (mark: number) => string
  random: Random
  newId: () => number
}

interface Telling extends Told {
  plan: PlannedPullRequest
  branch: Branch
  record: PullRequest
  ids: Map<PlannedComment, Comment>
}

/** The last state of the main branch at a moment. */
export function mainAt(main: readonly MainEntry[], moment: number): MainEntry {
  let [low, high] = [0, main.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((main[middle]?.at ?? Infinity) <= moment) low = middle
    else high = middle - 1
  }
  return itemAt(main, low)
}

function destinationHash({ plan, history, hashOf }: Telling, moment: number): string {
  const retarget = plan.events.find((event) => event.kind === 'retarget')
  const { relation } = plan
  const isWaiting = relation !== null && retarget !== undefined && moment < retarget.at
  const under = isWaiting ? history.branches.get(relation.other) : undefined
  return hashOf(under?.tip ?? mainAt(history.main, moment).mark)
}

/** Where the branch points to when it is opened. */
function firstDestination({ relation, events }: PlannedPullRequest): string {
  const isStacked = relation?.kind === 'stacked' && events.some((event) => event.kind === 'retarget')
  return isStacked ? relation.other.branch : 'main'
}

export function toPullRequest(plan: PlannedPullRequest, told: Told): PullRequest {
  const branch = told.history.branches.get(plan)
  if (branch === undefined) throw new Error(`#${plan.id} has no branch`)
  const { outcome } = plan
  const lastAt = outcome?.at ?? plan.events.at(-1)?.at ?? plan.openedAt
  const record: PullRequest = {
    id: plan.id,
    title: plan.title,
    description: plan.description,
    state: outcome?.state ?? 'OPEN',
    draft: plan.draftUntil !== null && !plan.events.some((event) => event.kind === 'ready'),
    author: plan.author.person,
    sourceBranch: plan.branch,
    sourceHash: told.hashOf(plan.first.commits.at(-1)?.mark ?? branch.tip),
    destinationBranch: firstDestination(plan),
    destinationHash: '',
    mergeCommit: branch.mergeCommit === null ? null : told.hashOf(branch.mergeCommit),
    closedBy: outcome?.by.person ?? null,
    reason: outcome?.reason ?? '',
    closeSourceBranch: plan.closesBranch,
    reviewers: plan.reviewers.map((one) => one.person),
    participants: [],
    comments: [],
    tasks: [],
    activity: [],
    createdOn: stamp(plan.openedAt),
    updatedOn: stamp(lastAt),
  }
  const telling: Telling = { ...told, plan, branch, record, ids: new Map() }
  tellUpdate(telling, { at: plan.openedAt, by: plan.author, state: 'OPEN', changes: {} })
  for (const event of plan.events) tell(telling, event)
  if (outcome !== null) {
    record.destinationHash = beforeMerge(telling)
    tellUpdate(telling, { ...outcome, changes: {} })
  } else record.destinationHash = destinationHash(telling, Infinity)
  record.participants = participants(telling)
  return record
}

/** What a merge started from, else what the branch pointed to in the end. */
function beforeMerge(telling: Telling): string {
  const { plan, history, hashOf, branch } = telling
  const at = plan.outcome?.at ?? 0
  if (branch.mergeCommit === null) return destinationHash(telling, at)
  let index = history.main.indexOf(mainAt(history.main, at))
  while (history.main[index]?.pullRequest !== plan) index -= 1
  return hashOf(itemAt(history.main, index - 1).mark)
}

interface Update {
  at: number
  by: Colleague
  state: PullRequest['state']
  changes: Record<string, { old: string; new: string }>
}

function tellUpdate(telling: Telling, { at, by, state, changes }: Update): void {
  const { record, plan } = telling
  const isDraft = plan.draftUntil !== null && at < plan.draftUntil
  const activity: Activity = {
    kind: 'update',
    date: stamp(at),
    person: by.person,
    state,
    title: record.title,
    description: record.description,
    reason: state === 'DECLINED' ? record.reason : '',
    sourceHash: record.sourceHash,
    destinationHash: record.destinationHash === '' ? destinationHash(telling, at) : record.destinationHash,
    changes,
    // Said where it is not as in the end.
    ...(isDraft && !record.draft ? { draft: true } : {}),
    ...(record.destinationBranch === 'main' ? {} : { destinationBranch: record.destinationBranch }),
  }
  record.activity.push(activity)
}

function tell(telling: Telling, event: PlannedEvent): void {
  const { record, plan } = telling
  const update = { at: event.at, by: plan.author, state: 'OPEN' } as const
  switch (event.kind) {
    case 'comment':
      tellComment(telling, event)
      break
    case 'approval':
    case 'changes_requested':
      record.activity.push({ kind: event.kind, date: stamp(event.at), person: event.by.person })
      break
    case 'push':
      record.sourceHash = telling.hashOf(event.push.commits.at(-1)?.mark ?? 0)
      tellUpdate(telling, { ...update, changes: {} })
      break
    case 'ready':
      tellUpdate(telling, { ...update, changes: { draft: { old: 'true', new: 'false' } } })
      break
    case 'retarget': {
      const old = record.destinationBranch
      record.destinationBranch = event.to
      tellUpdate(telling, { ...update, changes: { destination: { old, new: event.to } } })
      break
    }
    default:
      event satisfies never
  }
}

function tellComment(telling: Telling, event: PlannedComment): void {
  const { record, random, branch, ids } = telling
  const date = stamp(event.at)
  const parent = event.parent === null ? undefined : ids.get(event.parent)
  const places = branch.places.filter((place) => place.at <= event.at)
  const place = event.isInline && places.length > 0 ? random.pick(places) : undefined
  const ends = { sourceHash: record.sourceHash, destinationHash: destinationHash(telling, event.at) }
  const pinned = { from: null, startFrom: null, startTo: null, outdated: false, ...ends }
  const comment: Comment = {
    id: telling.newId(),
    author: event.by.person,
    raw: event.text,
    createdOn: date,
    updatedOn: date,
    deleted: false,
    pending: false,
    parentId: parent?.id ?? null,
    inline:
      parent === undefined
        ? place === undefined
          ? null
          : { ...pinned, path: place.path, to: place.line }
        : parent.inline && { ...parent.inline },
    resolution: null,
  }
  if (event.resolved !== null && comment.inline !== null)
    comment.resolution = { person: event.resolved.by.person, createdOn: stamp(event.resolved.at) }
  ids.set(event, comment)
  record.comments.push(comment)
  record.activity.push({ kind: 'comment', date, commentId: comment.id })
  if (event.task !== null) record.tasks.push(toTask(telling, event, comment))
}

function toTask({ newId }: Telling, { task, by }: PlannedComment, comment: Comment): Task {
  const resolved = task?.resolved ?? null
  return {
    id: newId(),
    raw: task?.text ?? '',
    state: resolved === null ? 'UNRESOLVED' : 'RESOLVED',
    creator: by.person,
    createdOn: comment.createdOn,
    updatedOn: resolved === null ? comment.createdOn : stamp(resolved.at),
    resolvedOn: resolved === null ? null : stamp(resolved.at),
    resolvedBy: resolved?.by.person ?? null,
    commentId: comment.id,
    pending: false,
  }
}

/** Everybody who was asked or had a word, with their last verdict. */
function participants({ plan, record }: Telling): Participant[] {
  const found = new Map<Colleague, Participant>()
  const add = (who: Colleague): Participant => {
    let one = found.get(who)
    if (one === undefined) {
      const role = plan.reviewers.includes(who) ? 'REVIEWER' : 'PARTICIPANT'
      one = { person: who.person, role, approved: false, state: null, participatedOn: null }
      found.set(who, one)
      record.participants.push(one)
    }
    return one
  }
  for (const who of plan.reviewers) add(who)
  for (const event of plan.events) {
    if (event.kind !== 'comment' && event.kind !== 'approval' && event.kind !== 'changes_requested') continue
    const one = add(event.by)
    one.participatedOn = stamp(event.at)
    if (event.kind === 'comment') continue
    one.approved = event.kind === 'approval'
    one.state = one.approved ? 'approved' : 'changes_requested'
  }
  return [...found.values()]
}
