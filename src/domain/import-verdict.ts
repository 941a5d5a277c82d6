import type { MatchPlan } from './matching.ts'

/** What to do with a plan. `held` waits for a person, who reads the reason. */
export type ImportVerdict = { kind: 'apply' } | { kind: 'unchanged' } | { kind: 'held'; reason: string }

export type VerdictInput = {
  plan: MatchPlan
  /** Stored active findings of the scanners in the report. */
  activeCount: number
  /** The very file was the last one applied to this asset and branch, for the same commit. */
  isSameFile: boolean
}

/** More than this share and more than this many closed at once is rather a broken scan than a good day. */
const mostClosedShare = 0.5
const mostClosed = 10

/** Judges a plan before it is applied: nothing to do, safe to apply, or to be looked at first. */
export function judgeImport({ plan, activeCount, isSameFile }: VerdictInput): ImportVerdict {
  const { items, closed } = plan
  if (items.length === 0 && closed.length > 0)
    return {
      kind: 'held',
      reason: `The report is empty, and applying it would close all ${closed.length} active findings of its scanner. Check that the scan ran, then apply or discard.`,
    }
  if (closed.length > mostClosed && closed.length > activeCount * mostClosedShare)
    return {
      kind: 'held',
      reason: `The report would close ${closed.length} of ${activeCount} active findings. That happens when another folder, branch or set of rules was scanned. Look at the list, then apply or discard.`,
    }
  const isQuiet = closed.length === 0 && items.every((item) => item.outcome === 'kept' || item.outcome === 'suppressed')
  if (isQuiet && isSameFile && items.every((item) => item.findingId !== null && !item.isChanged))
    return { kind: 'unchanged' }
  return { kind: 'apply' }
}
