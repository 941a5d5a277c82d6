import { afterWork } from './calendar.ts'
import type { Colleague } from './people.ts'
import {
  type Kind,
  type PlannedComment,
  type PlannedCommit,
  type PlannedEvent,
  type Push,
  type RepositoryPlan,
} from './plan.ts'
import type { Random } from './random.ts'
import { planRuns } from './runs.ts'
import { fixUps, generalRemarks, remarks, replies, taskTexts, things } from './words.ts'

export interface ReviewWish {
  plan: RepositoryPlan
  random: Random
  kind: Kind
  author: Colleague
  reviewers: readonly Colleague[]
  /** When it may be looked at. */
  readyAt: number
  /** Changed lines: large ones wait longer and get more remarks. */
  lines: number
}

export interface Review {
  events: PlannedEvent[]
  /** null: nobody ever came to approve it. */
  approvedAt: number | null
}

const mostRounds = 4

/** What one reviewer did in one round. */
interface Look {
  reviewer: Colleague
  comments: PlannedComment[]
  verdict: 'approval' | 'changes_requested' | null
  endedAt: number
}

function say(random: Random, text: string): string {
  return text.replace('#', random.pick(things))
}

function remark(random: Random, by: Colleague, at: number): PlannedComment {
  const isInline = random.chance(0.75)
  return {
    kind: 'comment',
    at,
    by,
    text: say(random, random.pick(isInline ? remarks : generalRemarks)),
    parent: null,
    isInline,
    resolved: null,
    task: random.chance(0.12) ? { text: say(random, random.pick(taskTexts)), resolved: null } : null,
  }
}

function countRemarks({ random, lines, kind }: ReviewWish, reviewer: Colleague, round: number): number {
  if (kind === 'dependency' || reviewer.remarks === 0) return 0
  const expected = (reviewer.remarks * Math.min(3, 0.35 + lines / 120) * 0.75) / (round + 1)
  return Math.min(14, Math.floor(expected * (0.2 + random.next() * 1.6) + random.next() * 0.8))
}

/** One reviewer's look: remarks a few minutes apart, then a word on the whole. */
function look(wish: ReviewWish, reviewer: Colleague, at: { round: number; since: number; isLast: boolean }): Look {
  const { random, kind, lines } = wish
  const patience = kind === 'hotfix' ? 0.12 : kind === 'dependency' ? 1.5 : Math.min(3, 0.6 + lines / 400)
  let now = afterWork(reviewer, at.since, random.longTail(reviewer.reviewHours * patience * 3600, 0.9))
  const comments: PlannedComment[] = []
  const count = at.isLast ? 0 : countRemarks(wish, reviewer, at.round)
  for (let index = 0; index < count; index += 1) {
    comments.push(remark(random, reviewer, now))
    now += random.int(90, 700)
  }
  const endedAt = now + random.int(30, 400)
  if (count > 0 && kind !== 'hotfix' && random.chance(reviewer.strictness + count * 0.05))
    return { reviewer, comments, verdict: 'changes_requested', endedAt }
  return { reviewer, comments, verdict: count < 3 || random.chance(0.4) ? 'approval' : null, endedAt }
}

function eventsOf({ reviewer, comments, verdict, endedAt }: Look): PlannedEvent[] {
  return verdict === null ? comments : [...comments, { kind: verdict, at: endedAt, by: reviewer }]
}

/** The author answers remarks, pushes what came of them, and ticks off tasks. Answers when the next look may begin. */
function answer(wish: ReviewWish, looks: Look[], events: PlannedEvent[]): number {
  const { random, author, plan } = wish
  let now = afterWork(
    author,
    Math.max(...looks.map((one) => one.endedAt)),
    random.longTail(author.commitHours * 2600, 0.7),
  )
  const commits: PlannedCommit[] = Array.from({ length: random.weighted([[1, 6] as const, [2, 3], [3, 1]]) }, () => {
    const at = now
    now = afterWork(author, now, random.int(240, 2400))
    const lines = random.int(2, 14)
    return { at, author, message: random.pick(fixUps), files: random.int(1, 2), lines, mark: 0 }
  })
  const push: Push = { at: now, commits, runs: planRuns(plan, random, { by: author, at: now, mustPass: false }) }
  events.push({ kind: 'push', at: push.at, push })
  for (const comment of looks.flatMap((one) => one.comments)) {
    now += random.int(20, 240)
    if (random.chance(0.5)) {
      const text = random.pick(replies)
      events.push({
        kind: 'comment',
        at: now,
        by: author,
        text,
        parent: comment,
        isInline: comment.isInline,
        resolved: null,
        task: null,
      })
    }
    if (comment.isInline && random.chance(0.6))
      comment.resolved = { at: now + 15, by: random.chance(0.7) ? author : comment.by }
    if (comment.task !== null && random.chance(0.95)) comment.task.resolved = { at: now + 25, by: author }
  }
  return now + 30
}

/** Looks and answers in turns until enough have approved. Who is slow may find it merged. */
export function planReview(wish: ReviewWish): Review {
  const { kind, plan, reviewers, random } = wish
  const needed = kind === 'dependency' || kind === 'hotfix' ? 1 : Math.min(plan.approvals, reviewers.length)
  const events: PlannedEvent[] = []
  let pending = reviewers
  let since = wish.readyAt
  let approved = 0
  for (let round = 0; round < mostRounds && pending.length > 0; round += 1) {
    // The last round is where patience ends: whoever is still asked says yes.
    const isLast = round === mostRounds - 1
    const all = pending
      .map((one) => look(wish, one, { round, since, isLast }))
      .toSorted((one, other) => one.endedAt - other.endedAt)
    const waitsForAll = random.chance(0.3)
    const looks: Look[] = []
    for (const one of all) {
      looks.push(one)
      if (one.verdict === 'approval') approved += 1
      if (approved >= needed && !waitsForAll && looks.every((each) => each.verdict === 'approval')) break
    }
    events.push(...looks.flatMap(eventsOf))
    const unhappy = looks.filter((one) => one.verdict !== 'approval')
    const remarks = looks.flatMap((one) => one.comments).length
    since = Math.max(...looks.map((one) => one.endedAt))
    if (unhappy.length > 0 || (remarks > 1 && random.chance(0.6))) since = answer(wish, looks, events)
    if (unhappy.length === 0 && approved >= needed) return { events, approvedAt: since }
    pending = unhappy.map((one) => one.reviewer)
  }
  return { events, approvedAt: approved >= needed ? since : null }
}
