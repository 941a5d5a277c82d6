import type { BusinessImpact } from '../business-impact.ts'
import type { Severity } from '../severity.ts'

/**
 * Version 1 of the formula; docs/risk-score.md states and explains it. A score is only ever compared with one of the same
 * version: whoever changes a number here makes version 2.
 */
export const riskScoreVersion = 1

/** What one vulnerability weighs, and the most that all of its severity and the lesser ones can amount to; worst first. */
export const severityWeights: Readonly<Record<Severity, { weight: number; ceiling: number }>> = {
  critical: { weight: 25, ceiling: 100 },
  high: { weight: 8, ceiling: 100 },
  medium: { weight: 2, ceiling: 20 },
  low: { weight: 0.5, ceiling: 5 },
  notification: { weight: 0, ceiling: 0 },
}

/** Each adds this share of the vulnerability's own weight. */
export const surcharges = {
  knownExploited: 1,
  /** By the EPSS probability, the first that fits; known exploitation takes its place. */
  epss: [
    { from: 0.5, share: 0.75 },
    { from: 0.1, share: 0.5 },
    { from: 0.01, share: 0.2 },
  ],
  internet: 0.5,
  sensitiveData: 0.25,
  businessImpact: { high: 0.5, medium: 0.25, low: 0 },
  /** By whole days past the deadline, the first that fits. */
  overdue: [
    { from: 31, share: 0.5 },
    { from: 1, share: 0.25 },
  ],
} as const

/** How much an asset counts in the score of the organization. */
export const assetWeights: Readonly<Record<BusinessImpact, number>> = { high: 4, medium: 2, low: 1 }
