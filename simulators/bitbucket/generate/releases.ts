import { afterWork, nextWorkingMoment } from './calendar.ts'
import type { MainEntry } from './history.ts'
import { type Colleague, presentAt } from './people.ts'
import type { RepositoryPlan } from './plan.ts'
import type { Random } from './random.ts'

export type EnvironmentName = 'Test' | 'Staging' | 'Production'

export interface PlannedDeployment {
  environment: EnvironmentName
  at: number
  seconds: number
  /** null: waits for somebody to start it. */
  result: 'SUCCESSFUL' | 'FAILED' | 'STOPPED' | null
}

/** One pipeline that builds a state of the main branch and brings it to its users, or back to an earlier one. */
export interface Release {
  at: number
  by: Colleague
  entry: MainEntry
  kind: 'deploy' | 'release' | 'rollback'
  /** The tag that started it. */
  tag: string | null
  buildSeconds: number
  isBuilt: boolean
  deployments: PlannedDeployment[]
}

interface Planning {
  plan: RepositoryPlan
  random: Random
  releases: Release[]
  /** What runs in production. */
  live: MainEntry | null
  /** The end of the last one: one after the other. */
  busyUntil: number
  tags: number
}

/** Merges between two releases, on average. */
const every: Record<RepositoryPlan['delivery'], number> = { continuous: 1.8, rounds: 4.6, train: 11, library: 14 }

/** When the main branch went where: hotfixes at once, all else by the habit of the repository. */
export function planReleases(plan: RepositoryPlan, random: Random, main: readonly MainEntry[]): Release[] {
  const planning: Planning = { plan, random, releases: [], live: null, busyUntil: plan.from, tags: 0 }
  let waiting = 0
  let wanted = 1
  main.forEach((entry, index) => {
    if (entry.pullRequest === null) return
    waiting += 1
    const isUrgent = entry.pullRequest.kind === 'hotfix'
    if (!isUrgent && waiting < wanted) return
    waiting = 0
    wanted = Math.max(1, Math.round(random.longTail(every[plan.delivery], 0.5)))
    const by = isUrgent ? entry.pullRequest.author : random.pick(presentAt(plan.team, entry.at).slice(0, 4))
    const at = Math.max(departure(planning, entry, by, isUrgent), planning.busyUntil + 90)
    // Whatever was merged until then travels along.
    let last = entry
    for (let next = index + 1; (main[next]?.at ?? Infinity) <= at; next += 1) last = main[next] ?? last
    if (at < plan.today) release(planning, { at, by, entry: last })
  })
  return planning.releases.filter((one) => endOf(one) < plan.today || isWaiting(one))
}

function departure({ plan, random }: Planning, entry: MainEntry, by: Colleague, isUrgent: boolean): number {
  const soon = entry.at + random.int(8, 90)
  if (isUrgent || plan.delivery === 'continuous') return soon
  if (plan.delivery === 'rounds') return afterWork(by, soon, random.longTail(5400, 0.7))
  // Trains leave on a morning.
  return nextWorkingMoment(by, soon + 40_000) + random.int(600, 5400)
}

export function isWaiting(release: Release): boolean {
  return release.deployments.some((one) => one.result === null)
}

export function endOf(release: Release): number {
  const last = release.deployments.findLast((one) => one.result !== null)
  return last === undefined ? release.at + release.buildSeconds : last.at + last.seconds
}

function release(planning: Planning, start: Pick<Release, 'at' | 'by' | 'entry'>): void {
  const { plan, random } = planning
  const isTagged = plan.delivery === 'train' || plan.delivery === 'library'
  const one: Release = {
    ...start,
    kind: isTagged ? 'release' : 'deploy',
    tag: isTagged ? `v1.${(planning.tags += 1)}.0` : null,
    buildSeconds: Math.max(30, Math.round(random.longTail(plan.pipelineMinutes * 60, 0.3))),
    isBuilt: random.chance(0.96),
    deployments: [],
  }
  if (one.isBuilt && plan.delivery !== 'library') deploy(planning, one)
  planning.releases.push(one)
  planning.busyUntil = endOf(one)
  const production = one.deployments.find((each) => each.environment === 'Production')
  const before = planning.live
  if (production?.result === 'SUCCESSFUL') planning.live = one.entry
  const isBad =
    (production?.result === 'FAILED' && random.chance(0.7)) ||
    (production?.result === 'SUCCESSFUL' && random.chance(0.03))
  if (before !== null && isBad) rollBack(planning, one, before)
}

/** From one environment to the next as long as it goes well. */
function deploy({ plan, random }: Planning, one: Release): void {
  let at = one.at + one.buildSeconds + 4
  const chances = [
    ['Test', 0.97, 0.02],
    ['Staging', 0.955, 0.03],
    ['Production', 0.925, 0.05],
  ] as const
  for (const [environment, good, bad] of chances) {
    const isHeld = environment === 'Production' && plan.delivery !== 'continuous'
    if (isHeld) at = afterWork(one.by, at, random.longTail(2400, 0.8))
    const seconds = Math.max(15, Math.round(random.longTail(environment === 'Production' ? 160 : 70, 0.5)))
    // A few are never let through; later releases pass them by.
    const isLeft = (isHeld && random.chance(0.04)) || at + seconds > plan.today
    const luck = random.next()
    const result = isLeft ? null : luck < good ? 'SUCCESSFUL' : luck < good + bad ? 'FAILED' : 'STOPPED'
    one.deployments.push({ environment, at, seconds, result })
    if (result !== 'SUCCESSFUL') return
    at += seconds + 3
  }
}

/** Brings back what ran before, by hand. */
function rollBack(planning: Planning, bad: Release, entry: MainEntry): void {
  const { random, plan } = planning
  const at = endOf(bad) + random.int(300, 9000)
  if (at + 1200 > plan.today) return
  const deployment = {
    environment: 'Production',
    at: at + 40,
    seconds: random.int(25, 160),
    result: 'SUCCESSFUL',
  } as const
  const back: Release = {
    at,
    by: bad.by,
    entry,
    kind: 'rollback',
    tag: null,
    buildSeconds: 30,
    isBuilt: true,
    deployments: [deployment],
  }
  planning.releases.push(back)
  planning.live = entry
  planning.busyUntil = endOf(back)
}
