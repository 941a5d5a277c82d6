import type { Difference, DifferenceKind } from '../../store/sync/reconciliations.ts'

/** What one comparison of both sides found, as it is collected. */
export type Findings = {
  add: (vulnerabilityId: string, kind: DifferenceKind, sentence: string) => void
  readonly counts: Readonly<Record<DifferenceKind, number>>
  readonly differences: readonly Difference[]
}

/** Differences written down one by one; all of them are counted. */
const keptAtMost = 100

export function createFindings(): Findings {
  const counts = { healed: 0, conflict: 0, needs_you: 0 }
  const differences: Difference[] = []
  return {
    add: (vulnerabilityId, kind, sentence) => {
      counts[kind] += 1
      if (differences.length < keptAtMost) differences.push({ vulnerability_id: vulnerabilityId, kind, sentence })
    },
    counts,
    differences,
  }
}
