import type { FindingKind } from '../finding-kind.ts'
import { alignFile } from './align-file.ts'
import {
  byPlace,
  type Decision,
  decisionOf,
  type ExistingFinding,
  groupLeft,
  type Identity,
  type Left,
  type MatchStep,
  type Pair,
  type ReportIdentity,
  without,
} from './identities.ts'
import { type LineShift, learnShift } from './line-shift.ts'
import { pairAlias } from './pair-alias.ts'
import { pairEqual } from './pair-equal.ts'
import { pairNearest } from './pair-nearest.ts'
import { pairInRenamedFiles, pairMovedAlone } from './pair-renamed.ts'

/**
 * `merged`: new from its scanner, and known from another one (merge-across.ts). `known`: stands in the target of the pull
 * request already (match-target.ts).
 */
export type PlanOutcome = 'new' | 'merged' | 'kept' | 'reopened' | 'suppressed' | 'known'

/** What becomes of one result. `findingId` is null for one never seen before. */
export type PlanItem = {
  position: number
  outcome: PlanOutcome
  step: MatchStep | 'merged' | 'new'
  findingId: string | null
  /** Where it was; null for one never seen before. */
  from: { path: string | null; line: number | null } | null
  /** Of what its scanner tells for the first time: the vulnerability that another scanner told of. */
  mergedInto: string | null
  /** What people decided of the vulnerability it belongs to; a scan does not change that. */
  decision: Decision | null
  isSuppressed: boolean
  /** Whether the finding counts as seen from now on. */
  isActive: boolean
  contentIndex: number
  /** Something a report may refresh differs from what is stored. */
  isChanged: boolean
}

/** Every result exactly once in `items`, in the order of the file; `closed` are stored findings the report proves gone. */
export type MatchPlan = {
  items: PlanItem[]
  closed: ExistingFinding[]
  unseen: ExistingFinding[]
  /** Of those that are closed the ids of what the report has, but that stands in the target of the pull request by now. */
  inTarget: ReadonlySet<string>
}

export type MatchInput = {
  existing: readonly ExistingFinding[]
  report: readonly ReportIdentity[]
  /** Scanners whose absence of a finding is evidence: their run is whole, and so is the scope of the report. */
  closingScanners: readonly string[]
  /** What the scanners told of in all, where `report` is only a part of it. */
  lookedFor?: readonly ReportIdentity[]
}

/** Compares a report with what is stored. Pure; the order of either list changes nothing but the order of the answer. */
export function matchFindings({ existing, report, closingScanners, lookedFor = report }: MatchInput): MatchPlan {
  const { pairs, left } = pairAll({ existing: [...existing], report: [...report] })
  const indexes = rankByContent(report)
  const matched = new Map(pairs.map((pair) => [pair.seen.position, pair]))
  const items = report.map((seen) => toItem(seen, matched.get(seen.position), indexes.get(seen.position) ?? 0))
  const unseen = left.existing.filter((finding) => finding.active)
  const closers = new Set(closingScanners)
  const looked = whatWasLookedFor(lookedFor)
  return {
    items: items.toSorted((a, b) => a.position - b.position),
    closed: unseen.filter(({ scanner, kind }) => closers.has(scanner) && looked.get(scanner)?.has(kind) !== false),
    unseen,
    inTarget: new Set(),
  }
}

/**
 * By scanner the kinds it tells of. One that looks for several and tells of none of a kind was likely told not to look for
 * it, so that nothing of that kind is gone; one that tells of nothing at all is in no entry.
 */
function whatWasLookedFor(report: readonly ReportIdentity[]): Map<string, Set<FindingKind>> {
  const kinds = new Map<string, Set<FindingKind>>()
  for (const { scanner, kind } of report) kinds.set(scanner, (kinds.get(scanner) ?? new Set()).add(kind))
  return kinds
}

type Step = {
  /** What has another key is not compared; null is left out. */
  key: (one: Identity) => string | null
  pair: (group: Left, shift: LineShift) => Pair[]
}

/** In this order; each works on what the ones before left. */
const steps: readonly Step[] = [
  { key: (one) => one.toolKey, pair: (group, shift) => pairEqual(group, 'exact', shift) },
  { key: fileOf, pair: alignContent },
  { key: (one) => one.contentKey, pair: (group, shift) => pairEqual(group, 'content', shift) },
  { key: (one) => (one.names.length > 0 ? one.placeKey : null), pair: pairAlias },
  { key: (one) => (one.names.length > 0 ? null : one.placeKey), pair: pairNearest },
]

function pairAll(all: Left): { pairs: Pair[]; left: Left } {
  const files = { before: filesOf(all.existing), now: filesOf(all.report) }
  const pairs: Pair[] = []
  let left = all
  const take = (found: readonly Pair[]): void => {
    for (const pair of found) pairs.push(pair)
    left = without(left, found)
  }
  for (const { key, pair } of steps) {
    const groups = groupLeft(left, key)
    const still = learnShift(pairs)
    // One to one is certain, and tells how far the file around the others moved.
    take(groups.filter(isPair).flatMap((group) => pair(group, still)))
    const shift = learnShift(pairs)
    take(groups.filter((group) => !isPair(group)).flatMap((group) => pair(group, shift)))
  }
  const common = new Set(pairs.flatMap(({ seen }) => seen.movedKey ?? []))
  take(pairInRenamedFiles(left, { ...files, common }))
  const shift = learnShift(pairs)
  take(groupLeft(left, (one) => one.movedKey).flatMap((group) => pairMovedAlone(group, common, shift)))
  return { pairs, left }
}

function alignContent(group: Left): Pair[] {
  const aligned = alignFile(group, (one) => one.contentKey)
  return aligned.map(([known, seen]) => ({ known, seen, step: 'content' }))
}

function fileOf({ path, line }: Identity): string | null {
  return path === null || line === null ? null : path
}

function isPair({ existing, report }: Left): boolean {
  return existing.length === 1 && report.length === 1
}

function filesOf(findings: readonly Identity[]): Set<string> {
  return new Set(findings.map(({ path }) => path ?? ''))
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
      from: null,
      mergedInto: null,
      decision: null,
      isSuppressed,
      isActive: true,
      contentIndex,
      isChanged: true,
    }
  }
  const { known, step } = pair
  const isBack = !known.active || known.status === 'fixed' || known.status === 'suppressed'
  const decision = decisionOf(known.status) ?? null
  const outcome = isSuppressed ? 'suppressed' : isBack && decision === null ? 'reopened' : 'kept'
  const isChanged =
    (isBack && decision !== null) ||
    known.bodyHash !== seen.bodyHash ||
    known.contentKey !== seen.contentKey ||
    known.toolKey !== seen.toolKey
  const isActive = known.active || !isSuppressed
  const from = { path: known.path, line: known.line }
  const found = { findingId: known.id, from, mergedInto: null, decision }
  return { position, outcome, step, ...found, isSuppressed, isActive, contentIndex, isChanged }
}

function rankByContent(report: readonly ReportIdentity[]): Map<number, number> {
  const ranks = new Map<number, number>()
  for (const group of Map.groupBy(report, (one) => `${one.scanner}\n${one.contentKey}`).values())
    for (const [index, item] of group.toSorted(byPlace).entries()) ranks.set(item.position, index)
  return ranks
}
