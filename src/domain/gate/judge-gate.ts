import { type Severity, severities } from '../severity.ts'
import type { GateRules } from './gate-rules.ts'

/** A vulnerability that is open on the branch. */
export type GatedVulnerability = { id: string; severity: Severity; createdAt: Date }

export type GateInput = {
  rules: GateRules
  open: readonly GatedVulnerability[]
  /** When a report was last applied for the branch; null for never. */
  newestImportAt: Date | null
  /** From this age on, in days, what is known of the branch is too old to judge it by; null for never. */
  mostImportAgeDays: number | null
}

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

/** `checks` has a line for each limit, worst severity first; `offenders` are sorted worst first. */
export type GateVerdict =
  | { kind: 'could_not_decide'; why: 'no_import' | 'import_too_old'; reason: string }
  | { kind: Level; checks: GateCheck[]; offenders: Offender[] }

type Dated = { id: string; severity: Severity; ageMs: number }

const dayMs = 24 * 3600_000
const levels = ['passed', 'warning', 'failed'] as const

/** Judges a branch by its rules. Without limits it passes; without a fresh report nobody can tell. */
export function judgeGate(input: GateInput, now: Date): GateVerdict {
  const doubt = findDoubt(input, now)
  if (doubt !== undefined) return doubt
  const dated = input.open.map(({ id, severity, createdAt }) => ({ id, severity, ageMs: since(createdAt, now) }))
  const bySeverity = Map.groupBy(dated, ({ severity }) => severity)
  const checks = severities.flatMap((severity) => check(severity, bySeverity.get(severity) ?? [], input.rules))
  const offenders = dated.flatMap((one) => findOffence(one, checks))
  return { kind: worst(checks.map(({ level }) => level)), checks, offenders: offenders.toSorted(byGravity) }
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

function check(severity: Severity, open: readonly Dated[], rules: GateRules): GateCheck[] {
  const { mostOpen, mostAgeDays } = rules[severity]
  const checks: GateCheck[] = []
  if (mostOpen !== null)
    checks.push({
      severity,
      limit: 'most_open',
      most: mostOpen,
      actual: open.length,
      level: levelOfCount(open.length, mostOpen),
    })
  if (mostAgeDays !== null) {
    const oldestMs = open.reduce((oldest, { ageMs }) => Math.max(oldest, ageMs), 0)
    checks.push({
      severity,
      limit: 'most_age_days',
      most: mostAgeDays,
      actual: wholeDays(oldestMs),
      level: worst(open.map(({ ageMs }) => levelOfAge(ageMs, mostAgeDays))),
    })
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
  return ageMs * 5 >= mostDays * dayMs * 4 ? 'warning' : 'passed'
}

/** Too many are too many of all of that severity; too old is each by itself. */
function findOffence({ id, severity, ageMs }: Dated, checks: readonly GateCheck[]): Offender[] {
  const own = checks.filter((one) => one.severity === severity)
  const judged = own.map(({ limit, level, most }) => ({
    limit,
    level: limit === 'most_open' ? level : levelOfAge(ageMs, most),
  }))
  const level = worst(judged.map((one) => one.level))
  if (level === 'passed') return []
  const limits = judged.filter((one) => one.level === level).map(({ limit }) => limit)
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
