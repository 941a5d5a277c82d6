import { afterWork, nextWorkingMoment } from './calendar.ts'
import { type Colleague, presentAt } from './people.ts'
import {
  allPushes,
  type Kind,
  type Outcome,
  type PlannedCommit,
  type PlannedPullRequest,
  type RepositoryPlan,
} from './plan.ts'
import type { Random } from './random.ts'
import { planReview } from './reviews.ts'
import { endOf, planRuns } from './runs.ts'
import { chores, commitWords, declineReasons, features, fixes, packages, things } from './words.ts'

interface Work {
  plan: RepositoryPlan
  random: Random
  kind: Kind
  author: Colleague
  /** Of the whole change. */
  lines: number
}

const kinds: readonly (readonly [Kind, number])[] = [
  ['feature', 38],
  ['fix', 24],
  ['chore', 18],
  ['hotfix', 3],
  ['revert', 2],
  ['dependency', 15],
]

const usualLines: Record<Kind, readonly [number, number]> = {
  feature: [60, 1.1],
  fix: [14, 0.9],
  chore: [34, 1.1],
  hotfix: [5, 0.6],
  revert: [12, 0.6],
  dependency: [3, 0.3],
}

function name(kind: Kind, random: Random): { title: string; stem: string } {
  const about = (list: readonly string[]) => random.pick(list).replace('#', random.pick(things))
  switch (kind) {
    case 'feature':
      return { title: about(features), stem: 'feature' }
    case 'fix':
      return { title: about(fixes), stem: 'bugfix' }
    case 'chore':
      return { title: about(chores), stem: 'chore' }
    case 'hotfix':
      return { title: `Hotfix: ${about(fixes).toLowerCase()}`, stem: 'hotfix' }
    case 'revert':
      return { title: `Take back: ${about(features).toLowerCase()}`, stem: 'revert' }
    case 'dependency': {
      const version = `${random.int(1, 9)}.${random.int(0, 20)}.${random.int(0, 9)}`
      return { title: `Update dependency ${random.pick(packages)} to v${version}`, stem: 'deps' }
    }
    default:
      return kind satisfies never
  }
}

function branchName(title: string, stem: string, number: number): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  return `${stem}/${number}-${slug}`
}

function planCommits({ kind, author, random, lines }: Work, from: number, title: string): PlannedCommit[] {
  const isSmall = kind === 'dependency' || kind === 'hotfix' || kind === 'revert'
  const count = isSmall ? 1 : Math.max(1, Math.min(16, Math.round(random.longTail(2.1 + lines / 60, 0.55))))
  let at = nextWorkingMoment(author, from)
  return Array.from({ length: count }, (_, index) => {
    if (index > 0) at = afterWork(author, at, random.longTail(author.commitHours * 2400, 0.8))
    const message = count === 1 || index === 0 ? title : random.pick(commitWords).replace('#', random.pick(things))
    return {
      at,
      author,
      message,
      files: isSmall
        ? 1
        : random.weighted([
            [1, 5],
            [2, 4],
            [3, 2],
            [6, 0.5],
          ] as const),
      lines: Math.max(1, Math.round(lines / count)),
      mark: 0,
    }
  })
}

function chooseReviewers({ plan, random, kind, author }: Work, at: number): Colleague[] {
  const wanted =
    kind === 'dependency' || kind === 'hotfix'
      ? 1
      : Math.max(
          plan.approvals,
          random.weighted([
            [1, 3],
            [2, 5],
            [3, 2],
          ] as const),
        )
  const pool = presentAt(plan.team, at).filter((one) => one !== author)
  const rest = [...(pool.length === 0 ? presentAt(plan.others, at).filter((one) => one !== author) : pool)]
  const chosen: Colleague[] = []
  while (chosen.length < wanted && rest.length > 0) {
    const next = random.weighted(rest.map((one) => [one, one.weight] as const))
    rest.splice(rest.indexOf(next), 1)
    chosen.push(next)
  }
  return chosen
}

function chooseAuthor(plan: RepositoryPlan, random: Random, kind: Kind, at: number): Colleague {
  if (kind === 'dependency') return plan.staff.dependencyBot
  const isHelper = plan.others.length > 0 && random.chance(0.08)
  const pool = presentAt(isHelper ? plan.others : plan.team, at)
  return random.weighted(pool.map((one) => [one, one.weight] as const))
}

/** How it ends, given when it was approved. */
function decide(work: Work, pullRequest: PlannedPullRequest, approvedAt: number | null): Outcome | null {
  const { random, kind, plan, author } = work
  const { openedAt } = pullRequest
  const fate = random.next()
  const declined = kind === 'dependency' ? 0.16 : kind === 'hotfix' || kind === 'revert' ? 0 : 0.07
  // Some are forgotten, and stay open for ever.
  if (fate > 0.992) return null
  if (fate < declined) {
    const at = afterWork(author, openedAt, random.longTail(14 * 3600, 0.9))
    const isReplaced = kind !== 'dependency' && random.chance(0.25)
    return isReplaced
      ? { state: 'SUPERSEDED', at, by: author, reason: '' }
      : { state: 'DECLINED', at, by: author, reason: random.pick(declineReasons) }
  }
  if (approvedAt === null)
    return {
      state: 'DECLINED',
      at: afterWork(author, pullRequest.events.at(-1)?.at ?? openedAt, 20 * 3600),
      by: author,
      reason: random.pick(declineReasons),
    }
  const bots = kind === 'dependency' || (plan.delivery === 'continuous' && random.chance(0.4))
  const by = bots ? plan.staff.mergeBot : author
  return {
    state: 'MERGED',
    at: afterWork(by, approvedAt + 5, kind === 'hotfix' ? 120 : random.longTail(1500, 1.2)),
    by,
    reason: '',
  }
}

/** What is merged has passed: the last push is run again until it does, and the merge waits for that. */
function settle(work: Work, pullRequest: PlannedPullRequest): void {
  const { outcome } = pullRequest
  if (outcome === null) return
  pullRequest.events = pullRequest.events.filter((event) => event.at < outcome.at)
  const last = allPushes(pullRequest).at(-1)
  if (outcome.state !== 'MERGED' || last === undefined) return
  const { plan, random, author } = work
  const at = Math.max(last.at, pullRequest.openedAt)
  if (last.runs.at(-1)?.result !== 'SUCCESSFUL') last.runs = planRuns(plan, random, { by: author, at, mustPass: true })
  for (const run of last.runs) outcome.at = Math.max(outcome.at, endOf(run) + 20)
}

/** One pull request from its first commit on; `number` only makes its branch's name unlike any other. */
export function planPullRequest(
  plan: RepositoryPlan,
  random: Random,
  start: { at: number; number: number },
): PlannedPullRequest {
  const kind = random.weighted(kinds)
  const author = chooseAuthor(plan, random, kind, start.at)
  const [median, spread] = usualLines[kind]
  const work: Work = {
    plan,
    random,
    kind,
    author,
    lines: Math.min(3000, Math.max(1, Math.round(random.longTail(median, spread)))),
  }
  const { title, stem } = name(kind, random)
  const commits = planCommits(work, start.at, title)
  const lastCommit = commits.at(-1)?.at ?? start.at
  const openedAt = afterWork(author, lastCommit, kind === 'dependency' ? 30 : random.longTail(1200, 1))
  const isDraft = (kind === 'feature' || kind === 'chore') && random.chance(0.14)
  const draftUntil = isDraft ? afterWork(author, openedAt, random.longTail(9 * 3600, 0.8)) : null
  const reviewers = chooseReviewers(work, openedAt)
  const readyAt = draftUntil ?? openedAt
  const review = planReview({ ...work, reviewers, readyAt })
  const pullRequest: PlannedPullRequest = {
    id: 0,
    kind,
    author,
    title,
    description: describe(work, title),
    branch: branchName(title, stem, start.number),
    openedAt,
    draftUntil,
    reviewers,
    first: { at: openedAt, commits, runs: planRuns(plan, random, { by: author, at: openedAt, mustPass: false }) },
    events: [...(draftUntil === null ? [] : [{ kind: 'ready', at: draftUntil } as const]), ...review.events].toSorted(
      (one, other) => one.at - other.at,
    ),
    outcome: null,
    strategy: plan.strategy,
    closesBranch: random.chance(0.92),
    relation: null,
  }
  pullRequest.outcome = decide(work, pullRequest, review.approvedAt)
  settle(work, pullRequest)
  return pullRequest
}

function describe({ kind, random, lines }: Work, title: string): string {
  if (kind === 'dependency') return `${title}.\n\n* release notes are linked in the package\n* checks decide`
  if (random.chance(0.2)) return ''
  const parts = [`${title}.`, `Touches the ${random.pick(things)} and the ${random.pick(things)}.`]
  if (lines > 80) parts.push('* first the store\n* then the service\n* tests at the end')
  if (random.chance(0.3)) parts.push(`How to try: open the ${random.pick(things)} page and save twice.`)
  return parts.join('\n\n')
}
