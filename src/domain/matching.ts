import type { Status } from './status.ts'

/** A finding that is stored for the same asset, branch and scanner, with the status of its vulnerability. */
export type ExistingFinding = {
  id: string
  scanner: string
  toolKey: string | null
  contentKey: string
  /** Its rank among findings of the same content key when it was last seen. */
  contentIndex: number
  line: number | null
  active: boolean
  status: Status
  /** Digest of everything a report may refresh. */
  bodyHash: string
}

/** A result of the report that is a finding; `position` is its rank in the file, from 0. */
export type ReportIdentity = {
  position: number
  scanner: string
  toolKey: string | null
  contentKey: string
  line: number | null
  column: number | null
  isSuppressed: boolean
  bodyHash: string
}

/** How a result was recognised. Drift-tolerant steps (nearest line, rename) go behind these. */
export type MatchStep = 'exact' | 'content'

export type PlanOutcome = 'new' | 'kept' | 'reopened' | 'suppressed'

/** What becomes of one result. `findingId` is null for one never seen before. */
export type PlanItem = {
  position: number
  outcome: PlanOutcome
  step: MatchStep | 'new'
  findingId: string | null
  isSuppressed: boolean
  /** Whether the finding counts as seen from now on. */
  isActive: boolean
  contentIndex: number
  /** Something a report may refresh differs from what is stored. */
  isChanged: boolean
}

/** Every result exactly once in `items`, in the order of the file; `closed` are stored findings the report proves gone. */
export type MatchPlan = { items: PlanItem[]; closed: ExistingFinding[]; unseen: ExistingFinding[] }

export type MatchInput = {
  existing: readonly ExistingFinding[]
  report: readonly ReportIdentity[]
  /** Scanners whose absence of a finding is evidence: their run is whole, and so is the scope of the report. */
  closingScanners: readonly string[]
}

type Pair = { seen: ReportIdentity; known: ExistingFinding; step: MatchStep }
type Left = { existing: ExistingFinding[]; report: ReportIdentity[] }
type Step = {
  name: MatchStep
  keyOfExisting: (item: ExistingFinding) => string | null
  keyOfReport: (item: ReportIdentity) => string | null
}

/** In this order; each works on what the ones before left. */
const steps: readonly Step[] = [
  { name: 'exact', keyOfExisting: (item) => item.toolKey, keyOfReport: (item) => item.toolKey },
  { name: 'content', keyOfExisting: (item) => item.contentKey, keyOfReport: (item) => item.contentKey },
]

/** Compares a report with what is stored. Pure; the order of either list changes nothing but the order of the answer. */
export function matchFindings({ existing, report, closingScanners }: MatchInput): MatchPlan {
  const pairs: Pair[] = []
  let left: Left = { existing: [...existing], report: [...report] }
  for (const step of steps) left = runStep(step, left, pairs)
  const indexes = rankByContent(report)
  const matched = new Map(pairs.map((pair) => [pair.seen.position, pair]))
  const items = report.map((seen) => toItem(seen, matched.get(seen.position), indexes.get(seen.position) ?? 0))
  const unseen = left.existing.filter((finding) => finding.active)
  const closers = new Set(closingScanners)
  return {
    items: items.toSorted((a, b) => a.position - b.position),
    closed: unseen.filter((finding) => closers.has(finding.scanner)),
    unseen,
  }
}

function toItem(seen: ReportIdentity, pair: Pair | undefined, contentIndex: number): PlanItem {
  const { position, isSuppressed } = seen
  if (pair === undefined) {
    const outcome = isSuppressed ? 'suppressed' : 'new'
    return {
      position,
      outcome,
      step: 'new',
      findingId: null,
      isSuppressed,
      isActive: true,
      contentIndex,
      isChanged: true,
    }
  }
  const { known, step } = pair
  const isBack = !known.active || known.status === 'fixed' || known.status === 'suppressed'
  const outcome = isSuppressed ? 'suppressed' : isBack ? 'reopened' : 'kept'
  const isChanged =
    known.bodyHash !== seen.bodyHash || known.contentKey !== seen.contentKey || known.toolKey !== seen.toolKey
  const isActive = known.active || !isSuppressed
  return { position, outcome, step, findingId: known.id, isSuppressed, isActive, contentIndex, isChanged }
}

function runStep(step: Step, left: Left, pairs: Pair[]): Left {
  const groups = new Map<string, Left>()
  const rest: Left = { existing: [], report: [] }
  for (const item of left.existing)
    put({ groups, key: keyIn(item.scanner, step.keyOfExisting(item)), add: (group) => group.existing.push(item), rest })
  for (const item of left.report)
    put({ groups, key: keyIn(item.scanner, step.keyOfReport(item)), add: (group) => group.report.push(item), rest })
  for (const group of groups.values()) {
    const found = pairUp(group, step.name)
    pairs.push(...found)
    const known = new Set(found.map((pair) => pair.known))
    const seen = new Set(found.map((pair) => pair.seen))
    rest.existing.push(...group.existing.filter((item) => !known.has(item)))
    rest.report.push(...group.report.filter((item) => !seen.has(item)))
  }
  return rest
}

function keyIn(scanner: string, key: string | null): string | null {
  return key === null ? null : `${scanner}\n${key}`
}

type Put = { groups: Map<string, Left>; key: string | null; add: (group: Left) => void; rest: Left }

function put({ groups, key, add, rest }: Put): void {
  if (key === null) return add(rest)
  const group = groups.get(key)
  if (group !== undefined) return add(group)
  const made: Left = { existing: [], report: [] }
  groups.set(key, made)
  add(made)
}

/** Equal findings: those on the same line belong together first, the others by their order, living ones before gone ones. */
function pairUp(group: Left, step: MatchStep): Pair[] {
  if (group.existing.length === 0 || group.report.length === 0) return []
  const existing = group.existing.toSorted(byLife)
  const report = group.report.toSorted(byPlace)
  const first = existing[0]
  const only = report[0]
  if (existing.length === 1 && report.length === 1 && first !== undefined && only !== undefined)
    return [{ known: first, seen: only, step }]
  const pairs: Pair[] = []
  const byLine = Map.groupBy(
    existing.filter((item) => item.active && item.line !== null),
    (item) => item.line,
  )
  const waiting: ReportIdentity[] = []
  for (const seen of report) {
    const known = seen.line === null ? undefined : byLine.get(seen.line)?.shift()
    if (known === undefined) waiting.push(seen)
    else pairs.push({ known, seen, step })
  }
  const taken = new Set(pairs.map((pair) => pair.known))
  const free = existing.filter((item) => !taken.has(item))
  for (const [index, seen] of waiting.entries()) {
    const known = free[index]
    if (known !== undefined) pairs.push({ known, seen, step })
  }
  return pairs
}

function byLife(a: ExistingFinding, b: ExistingFinding): number {
  if (a.active !== b.active) return a.active ? -1 : 1
  return a.contentIndex - b.contentIndex || (a.line ?? 0) - (b.line ?? 0) || compare(a.id, b.id)
}

/** A total order that the order of the file does not enter, so that shuffled results are matched alike. */
function byPlace(a: ReportIdentity, b: ReportIdentity): number {
  return (
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    Number(a.isSuppressed) - Number(b.isSuppressed) ||
    compare(a.toolKey ?? '', b.toolKey ?? '') ||
    compare(a.contentKey, b.contentKey) ||
    compare(a.bodyHash, b.bodyHash)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function rankByContent(report: readonly ReportIdentity[]): Map<number, number> {
  const ranks = new Map<number, number>()
  for (const group of Map.groupBy(report, (item) => keyIn(item.scanner, item.contentKey)).values())
    for (const [index, item] of group.toSorted(byPlace).entries()) ranks.set(item.position, index)
  return ranks
}
