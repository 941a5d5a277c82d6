import { type Severity, severities } from '../severity.ts'
import type { GateRules } from './gate-rules.ts'

/** What is open of one severity on the branch, in numbers: so that a hundred thousand of them need not be read. */
export type GateTally = {
  severity: Severity
  count: number
  /** Of the oldest one; null for none. */
  oldestAt: Date | null
  /** How many were created at the moment `warnsFrom` names, or before it. */
  old: number
}

export type GateInput = {
  rules: GateRules
  /** At most one for each severity; one that is left out has nothing open. */
  open: readonly GateTally[]
  /** When a report was last applied for the branch; null for never. */
  newestImportAt: Date | null
  /** From this age on, in days, what is known of the branch is too old to judge it by; null for never. */
  mostImportAgeDays: number | null
}

/** A vulnerability that is open on the branch. */
export type GatedVulnerability = { id: string; severity: Severity; createdAt: Date }

type Level = 'passed' | 'warning' | 'failed'

/** One limit, how far it is used (vulnerabilities, or whole days of the oldest), and what that means. */
export type GateCheck = {
  severity: Severity
  limit: 'most_open' | 'most_age_days'
  most: number
  actual: number
  level: Level
}

/** What stands in the way, or nearly: `limits` are those it breaks, or comes near to where `level` is a warning. */
export type Offender = {
  id: string
  severity: Severity
  ageDays: number
  level: 'warning' | 'failed'
  limits: GateCheck['limit'][]
}

/** `checks` has a line for each limit, worst severity first; `offenders` counts all that stand in the way, or nearly. */
export type GateVerdict =
  | { kind: 'could_not_decide'; why: 'no_import' | 'import_too_old'; reason: string }
  | { kind: Level; checks: GateCheck[]; offenders: number }

const dayMs = 24 * 3600_000
const levels = ['passed', 'warning', 'failed'] as const
/** Four fifths of a limit in days, a day's worth of it. */
const warningDayMs = (dayMs * 4) / 5

/** Judges a branch by its rules. Without limits it passes; without a fresh report nobody can tell. */
export function judgeGate(input: GateInput, now: Date): GateVerdict {
  const doubt = findDoubt(input, now)
  if (doubt !== undefined) return doubt
  const tallies = severities.map((severity) => findTally(input.open, severity))
  const checks = tallies.flatMap((tally) => check(tally, input.rules, now))
  const offenders = tallies.reduce((sum, tally) => sum + countOffenders(tally, checks), 0)
  return { kind: worst(checks.map(({ level }) => level)), checks, offenders }
}

/**
 * Which of these open vulnerabilities stand in the way, or nearly, worst first. The oldest of each severity are enough to
 * find as many of the worst.
 */
export function listOffenders(
  open: readonly GatedVulnerability[],
  checks: readonly GateCheck[],
  now: Date,
): Offender[] {
  return open.flatMap((one) => findOffence(one, checks, now)).toSorted(byGravity)
}

/** The moment from which back an age nears its limit, by severity; null where there is no such limit. */
export function warnsFrom(rules: GateRules, now: Date): Readonly<Record<Severity, Date | null>> {
  const from = (severity: Severity) => {
    const { mostAgeDays } = rules[severity]
    return mostAgeDays === null ? null : new Date(now.getTime() - mostAgeDays * warningDayMs)
  }
  return {
    critical: from('critical'),
    high: from('high'),
    medium: from('medium'),
    low: from('low'),
    notification: from('notification'),
  }
}

function findTally(open: readonly GateTally[], severity: Severity): GateTally {
  return open.find((tally) => tally.severity === severity) ?? { severity, count: 0, oldestAt: null, old: 0 }
}

/** Too many are too many of all of that severity; too old is each by itself. */
function countOffenders({ severity, count, old }: GateTally, checks: readonly GateCheck[]): number {
  const own = checks.filter((one) => one.severity === severity)
  if (own.some(({ limit, level }) => limit === 'most_open' && level !== 'passed')) return count
  return own.some(({ limit }) => limit === 'most_age_days') ? old : 0
}

function findDoubt({ newestImportAt, mostImportAgeDays }: GateInput, now: Date): GateVerdict | undefined {
  if (newestImportAt === null)
    return {
      kind: 'could_not_decide',
      why: 'no_import',
      reason: 'No report was applied for this branch yet: nobody knows what is in it. Import one first.',
    }
  const ageMs = since(newestImportAt, now)
  if (mostImportAgeDays === null || ageMs < mostImportAgeDays * dayMs) return undefined
  return {
    kind: 'could_not_decide',
    why: 'import_too_old',
    reason: `The newest report of this branch was applied ${days(wholeDays(ageMs))} ago, and from ${days(mostImportAgeDays)} on it tells too little. Import a new one.`,
  }
}

function check({ severity, count, oldestAt }: GateTally, rules: GateRules, now: Date): GateCheck[] {
  const { mostOpen, mostAgeDays } = rules[severity]
  const checks: GateCheck[] = []
  if (mostOpen !== null)
    checks.push({ severity, limit: 'most_open', most: mostOpen, actual: count, level: levelOfCount(count, mostOpen) })
  if (mostAgeDays !== null) {
    const ageMs = oldestAt === null ? 0 : since(oldestAt, now)
    const level = oldestAt === null ? 'passed' : levelOfAge(ageMs, mostAgeDays)
    checks.push({ severity, limit: 'most_age_days', most: mostAgeDays, actual: wholeDays(ageMs), level })
  }
  return checks
}

/** As many as the limit are allowed. A fifth of the limit or less before it is passed, one is warned. */
function levelOfCount(count: number, most: number): Level {
  if (count > most) return 'failed'
  return count > 0 && count * 5 >= most * 4 ? 'warning' : 'passed'
}

/** The limit itself is too old, as at a deadline it is late. */
function levelOfAge(ageMs: number, mostDays: number): Level {
  if (ageMs >= mostDays * dayMs) return 'failed'
  return ageMs >= mostDays * warningDayMs ? 'warning' : 'passed'
}

function findOffence(one: GatedVulnerability, checks: readonly GateCheck[], now: Date): Offender[] {
  const { id, severity } = one
  const ageMs = since(one.createdAt, now)
  const judged = checks
    .filter((line) => line.severity === severity)
    .map(({ limit, level, most }) => ({ limit, level: limit === 'most_open' ? level : levelOfAge(ageMs, most) }))
  const level = worst(judged.map((line) => line.level))
  if (level === 'passed') return []
  const limits = judged.filter((line) => line.level === level).map(({ limit }) => limit)
  return [{ id, severity, ageDays: wholeDays(ageMs), level, limits }]
}

function byGravity(a: Offender, b: Offender): number {
  return (
    levels.indexOf(b.level) - levels.indexOf(a.level) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    b.ageDays - a.ageDays ||
    (a.id < b.id ? -1 : 1)
  )
}

function worst(some: readonly Level[]): Level {
  return levels.findLast((level) => some.includes(level)) ?? 'passed'
}

/** Clocks differ: what was made a moment from now is of now. */
function since(at: Date, now: Date): number {
  return Math.max(0, now.getTime() - at.getTime())
}

function wholeDays(ms: number): number {
  return Math.floor(ms / dayMs)
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`
}
