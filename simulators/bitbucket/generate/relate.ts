import { allPushes, type PlannedPullRequest, type RepositoryPlan } from './plan.ts'
import { planPullRequest } from './pull-requests.ts'
import type { Random } from './random.ts'
import { endOf } from './runs.ts'

const day = 86_400

/** All pull requests of a repository in the order they were opened, with what ties them to one another. */
export function planAll(plan: RepositoryPlan, random: Random, count: number): PlannedPullRequest[] {
  const length = plan.to - plan.from
  const planned = Array.from({ length: count }, (_, index) => {
    const wish = {
      at: plan.from + day + Math.floor((length * (index + random.next())) / (count + 1)),
      number: index + 100,
    }
    let one = planPullRequest(plan, random, wish)
    // Opened in the future: the work has to have begun earlier.
    while (one.openedAt >= plan.today) one = planPullRequest(plan, random, { ...wish, at: (wish.at -= 2 * day) })
    return one
  }).toSorted((one, other) => one.openedAt - other.openedAt)
  planned.forEach((one, index) => {
    one.id = index + 1
  })
  planned.forEach((one, index) => relate(planned, index, random))
  for (const one of planned) straighten(one, plan.today)
  leaveOneOpen(planned)
  return planned
}

/** Somebody always has something under way: where everything would have ended, the newest that others do not need has not. */
function leaveOneOpen(planned: PlannedPullRequest[]): void {
  if (planned.length < 2 || planned.some((one) => one.outcome === null)) return
  const needed = new Set(planned.map((one) => one.relation?.other))
  const newest = planned.findLast((one) => isPlain(one) && !needed.has(one))
  if (newest !== undefined) newest.outcome = null
}

function startOf(pullRequest: PlannedPullRequest): number {
  return pullRequest.first.commits[0]?.at ?? pullRequest.openedAt
}

function relate(planned: PlannedPullRequest[], index: number, random: Random): void {
  const one = planned[index]
  if (one === undefined) return
  // Work of one person lies near together: no need to look far.
  const later = planned.slice(index + 1, index + 200).filter((other) => other.author === one.author && isPlain(other))
  if (one.outcome?.state === 'SUPERSEDED') replace(one, later)
  else if (one.kind === 'revert') takeBack(one, planned.slice(Math.max(0, index - 60), index))
  else if (one.outcome?.state === 'MERGED' && random.chance(0.5)) stack(one, later)
}

function isPlain(one: PlannedPullRequest): boolean {
  return one.relation === null && one.draftUntil === null && ['feature', 'fix', 'chore'].includes(one.kind)
}

function replace(one: PlannedPullRequest, later: PlannedPullRequest[]): void {
  const { outcome } = one
  if (outcome === null) return
  const heir = later.find(
    (other) =>
      startOf(other) > one.openedAt && other.openedAt > one.openedAt + 600 && other.openedAt < outcome.at + 10 * day,
  )
  if (heir === undefined) {
    Object.assign(outcome, { state: 'DECLINED', reason: 'Solved in another way.' })
    return
  }
  outcome.at = heir.openedAt + 30
  one.events = one.events.filter((event) => event.at < outcome.at)
  heir.relation = { kind: 'continues', other: one }
  heir.title = `${one.title}, second try`
  heir.description = `Takes up #${one.id} again.\n\n${heir.description}`
}

function takeBack(one: PlannedPullRequest, earlier: PlannedPullRequest[]): void {
  const other = earlier.findLast(
    (candidate) => candidate.outcome?.state === 'MERGED' && candidate.outcome.at < startOf(one) && isPlain(candidate),
  )
  if (other === undefined) return
  one.relation = { kind: 'reverts', other }
  one.title = `Revert "${other.title}" (pull request #${other.id})`
  one.description = `This reverts pull request #${other.id}.`
  for (const commit of one.first.commits) commit.message = one.title
}

/** A pull request on top of one that is not merged yet: it points at that one's branch until then. */
function stack(one: PlannedPullRequest, later: PlannedPullRequest[]): void {
  const mergedAt = one.outcome?.at ?? 0
  const top = later.find(
    (other) =>
      startOf(other) > one.openedAt &&
      other.openedAt < mergedAt - 60 &&
      (other.outcome === null || (other.outcome.state === 'MERGED' && other.outcome.at > mergedAt + 600)),
  )
  if (top === undefined) return
  top.relation = { kind: 'stacked', other: one }
  const at = mergedAt + 90
  const place = top.events.findIndex((event) => event.at > at)
  top.events.splice(place === -1 ? top.events.length : place, 0, { kind: 'retarget', at, to: 'main' })
}

/** One thing after the other, and nothing after today. */
function straighten(one: PlannedPullRequest, today: number): void {
  let last = one.openedAt
  for (const event of one.events) {
    event.at = last = Math.max(event.at, last + 1)
    if (event.kind === 'push') event.push.at = event.at
  }
  if (one.outcome !== null) {
    one.outcome.at = Math.max(one.outcome.at, last + 20)
    if (one.outcome.at > today) one.outcome = null
  }
  const end = one.outcome?.at ?? today
  one.events = one.events.filter((event) => event.at <= today)
  for (const event of one.events) {
    if (event.kind !== 'comment') continue
    if (event.resolved !== null && event.resolved.at >= end) event.resolved = null
    if (event.task?.resolved !== null && event.task !== null && event.task.resolved.at >= end)
      event.task.resolved = null
  }
  // A pipeline of a branch that is gone was stopped with it at the latest.
  for (const push of allPushes(one))
    push.runs = push.runs.filter((run) => run.at <= today && (run.at < end || endOf(run) < end))
}
