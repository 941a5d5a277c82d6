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

interface Round {
  events: PlannedEvent[]
  comments: PlannedComment[]
  /** Who wants to see it again. */
  unhappy: Colleague[]
  approved: number
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
function look(wish: ReviewWish, reviewer: Colleague, at: { round: number; since: number }, into: Round): void {
  const { random, kind, lines } = wish
  const patience = kind === 'hotfix' ? 0.12 : kind === 'dependency' ? 1.5 : Math.min(3, 0.7 + lines / 400)
  let now = afterWork(reviewer, at.since, random.longTail(reviewer.reviewHours * patience * 3600, 0.9))
  const count = countRemarks(wish, reviewer, at.round)
  for (let index = 0; index < count; index += 1) {
    const comment = remark(random, reviewer, now)
    into.comments.push(comment)
    into.events.push(comment)
    now += random.int(90, 700)
  }
  now += random.int(30, 400)
  const refuses = count > 0 && kind !== 'hotfix' && random.chance(reviewer.strictness + count * 0.05)
  if (refuses) into.events.push({ kind: 'changes_requested', at: now, by: reviewer })
  else if (count < 3 || random.chance(0.4)) {
    into.events.push({ kind: 'approval', at: now, by: reviewer })
    into.approved += 1
  } else into.unhappy.push(reviewer)
  if (refuses) into.unhappy.push(reviewer)
  into.endedAt = Math.max(into.endedAt, now)
}

/** The author answers remarks, pushes what came of them, and ticks off tasks. Answers when the next look may begin. */
function answer(wish: ReviewWish, round: Round): number {
  const { random, author, plan } = wish
  let now = afterWork(author, round.endedAt, random.longTail(author.commitHours * 2600, 0.7))
  const commits: PlannedCommit[] = Array.from({ length: random.weighted([[1, 6] as const, [2, 3], [3, 1]]) }, () => {
    const at = now
    now = afterWork(author, now, random.int(240, 2400))
    const lines = random.int(2, 14)
    return { at, author, message: random.pick(fixUps), files: random.int(1, 2), lines, mark: 0 }
  })
  const push: Push = { at: now, commits, runs: planRuns(plan, random, { by: author, at: now, mustPass: false }) }
  round.events.push({ kind: 'push', at: push.at, push })
  for (const comment of round.comments) {
    now += random.int(20, 240)
    if (random.chance(0.5)) {
      const text = random.pick(replies)
      round.events.push({
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

/** Looks and answers in turns until enough have approved. */
export function planReview(wish: ReviewWish): Review {
  const needed =
    wish.kind === 'dependency' || wish.kind === 'hotfix' ? 1 : Math.min(wish.plan.approvals, wish.reviewers.length)
  const events: PlannedEvent[] = []
  let pending = [...wish.reviewers]
  let since = wish.readyAt
  let approved = 0
  for (let number = 0; number < mostRounds; number += 1) {
    const round: Round = { events: [], comments: [], unhappy: [], approved: 0, endedAt: since }
    // The last round is where patience ends: whoever is still asked says yes.
    const isLast = number === mostRounds - 1
    for (const reviewer of pending)
      look(wish, isLast ? { ...reviewer, remarks: 0 } : reviewer, { round: number, since }, round)
    approved += round.approved
    const isThrough = round.unhappy.length === 0 && approved >= needed
    const isAnswered = round.unhappy.length > 0 || (round.comments.length > 1 && wish.random.chance(0.6))
    const approvedAt = round.endedAt
    if (isAnswered) since = answer(wish, round)
    events.push(...round.events)
    if (isThrough) return { events, approvedAt: isAnswered ? since : approvedAt }
    pending = round.unhappy
    if (pending.length === 0) break
  }
  return { events, approvedAt: approved >= needed ? since : null }
}
