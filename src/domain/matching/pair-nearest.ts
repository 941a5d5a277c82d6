import { similarity } from '../text-sketch.ts'
import { byLife, byPlace, type ExistingFinding, type Left, type Pair, type ReportIdentity } from './identities.ts'
import type { LineShift } from './line-shift.ts'

/**
 * How alike two texts have to be to be one that was edited, by how many lines it stands from where it is expected. Two
 * findings of one rule are often alike: far away only what is nearly the same counts, at the very place anything.
 */
const rules: readonly { lines: number; alike: number }[] = [
  { lines: 0, alike: 0 },
  { lines: 3, alike: 0.25 },
  { lines: 25, alike: 0.5 },
  { lines: Number.POSITIVE_INFINITY, alike: 0.8 },
]

/** More combinations than this within one rule and file are generated code; there nobody could tell edited lines apart. */
const mostCombinations = 250_000

type Candidate = { known: ExistingFinding; seen: ReportIdentity; alike: number; lines: number }

/** Findings of the same rule and file whose text was edited. The most alike go first, of those the nearest. */
export function pairNearest(group: Left, shift: LineShift): Pair[] {
  const existing = group.existing.filter((known) => known.active && known.line !== null).toSorted(byLife)
  const report = group.report.filter((seen) => seen.line !== null).toSorted(byPlace)
  if (existing.length * report.length > mostCombinations) return []
  const candidates = existing.flatMap((known) => report.flatMap((seen) => weigh(known, seen, shift)))
  const taken = new Set<ExistingFinding | ReportIdentity>()
  const pairs: Pair[] = []
  // The sort is stable, and both lists came in an order of their own.
  for (const { known, seen } of candidates.toSorted((a, b) => b.alike - a.alike || a.lines - b.lines)) {
    if (taken.has(known) || taken.has(seen)) continue
    taken.add(known).add(seen)
    pairs.push({ known, seen, step: 'nearest' })
  }
  return pairs
}

function weigh(known: ExistingFinding, seen: ReportIdentity, shift: LineShift): Candidate[] {
  if (known.line === null || seen.line === null) return []
  const lines = Math.min(Math.abs(seen.line - shift(known.path, known.line)), Math.abs(seen.line - known.line))
  const alike = similarity(known.sketch, seen.sketch)
  const isEdited = rules.some((rule) => lines <= rule.lines && alike >= rule.alike)
  return isEdited ? [{ known, seen, alike, lines }] : []
}
