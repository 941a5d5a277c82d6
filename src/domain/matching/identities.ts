import type { FindingKeys } from '../finding-identity.ts'
import type { FindingKind } from '../finding-kind.ts'
import type { Status } from '../status.ts'

/** What both a stored finding and a result of a report are recognised by. */
export type Identity = FindingKeys & {
  kind: FindingKind
  scanner: string
  ruleId: string
  path: string | null
  line: number | null
}

/** A finding that is stored for the same asset, branch and scanner, with the status of its vulnerability. */
export type ExistingFinding = Identity & {
  id: string
  /** Its rank among findings of the same content key when it was last seen. */
  contentIndex: number
  active: boolean
  status: Status
  /** Digest of everything a report may refresh. */
  bodyHash: string
}

/** A result of the report that is a finding; `position` is its rank in the file, from 0. */
export type ReportIdentity = Identity & {
  position: number
  column: number | null
  isSuppressed: boolean
  bodyHash: string
}

/** Decisions of people: they hold for what went and comes back, wherever it stands by then. */
const decisions = ['false_positive', 'risk_accepted'] as const
export type Decision = (typeof decisions)[number]

/** What a person decided of a finding's vulnerability; undefined while nothing is decided. */
export function decisionOf(status: Status): Decision | undefined {
  return decisions.find((decision) => decision === status)
}

/** How a result was recognised, from the surest to the boldest. */
export const matchSteps = ['exact', 'content', 'alias', 'nearest', 'renamed'] as const
export type MatchStep = (typeof matchSteps)[number]

export type Pair = { seen: ReportIdentity; known: ExistingFinding; step: MatchStep }

/** What no step has recognised yet. */
export type Left = { existing: ExistingFinding[]; report: ReportIdentity[] }

/** Living ones before gone ones, then by place. */
export function byLife(a: ExistingFinding, b: ExistingFinding): number {
  if (a.active !== b.active) return a.active ? -1 : 1
  return a.contentIndex - b.contentIndex || (a.line ?? 0) - (b.line ?? 0) || compare(a.id, b.id)
}

/** A total order that the order of the file does not enter, so that shuffled results are matched alike. */
export function byPlace(a: ReportIdentity, b: ReportIdentity): number {
  return (
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    Number(a.isSuppressed) - Number(b.isSuppressed) ||
    compare(a.toolKey ?? '', b.toolKey ?? '') ||
    compare(a.contentKey, b.contentKey) ||
    compare(a.path ?? '', b.path ?? '') ||
    compare(a.bodyHash, b.bodyHash)
  )
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What is left on both sides, by a key; what has none, or nothing on the other side, is not in it. */
export function groupLeft(left: Left, key: (one: Identity) => string | null): Left[] {
  const groups = new Map<string, Left>()
  for (const known of left.existing) {
    const own = key(known)
    if (own === null) continue
    const name = `${known.scanner}\n${own}`
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { existing: [known], report: [] })
    else group.existing.push(known)
  }
  for (const seen of left.report) {
    const own = key(seen)
    if (own !== null) groups.get(`${seen.scanner}\n${own}`)?.report.push(seen)
  }
  return [...groups.values()].filter((group) => group.report.length > 0)
}

export function without(left: Left, pairs: readonly Pair[]): Left {
  if (pairs.length === 0) return left
  const known = new Set(pairs.map((pair) => pair.known))
  const seen = new Set(pairs.map((pair) => pair.seen))
  return {
    existing: left.existing.filter((one) => !known.has(one)),
    report: left.report.filter((one) => !seen.has(one)),
  }
}
