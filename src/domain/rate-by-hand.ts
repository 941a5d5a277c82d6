import { parseCvss } from './cvss.ts'
import { type ImpactLevel, impactLevels, severityOfImpact } from './impact.ts'
import type { Severity } from './severity.ts'

/** How a person rates a vulnerability: a level, two ratings from 1 (low) to 3 (high), or a CVSS vector. */
export type HandRating =
  | { kind: 'level'; severity: Severity }
  | { kind: 'impact'; impact: number; probability: number }
  | { kind: 'cvss'; vector: string }

/** What follows from it, as a vulnerability keeps it. `source` is where the severity comes from. */
export type Rated = {
  severity: Severity
  source: 'person' | 'impact' | 'cvss'
  impact: number | null
  probability: number | null
  cvssVector: string | null
  cvssScore: number | null
}

const nothing = { impact: null, probability: null, cvssVector: null, cvssScore: null }

/** The severity a rating amounts to; undefined for a rating that is none: not 1 to 3, not a CVSS vector. */
export function rateByHand(rating: HandRating): Rated | undefined {
  switch (rating.kind) {
    case 'level':
      return { ...nothing, severity: rating.severity, source: 'person' }
    case 'impact': {
      const impact = levelOf(rating.impact)
      const probability = levelOf(rating.probability)
      if (impact === undefined || probability === undefined) return undefined
      const severity = severityOfImpact({ impact, probability })
      return { ...nothing, severity, source: 'impact', impact: rating.impact, probability: rating.probability }
    }
    case 'cvss': {
      const cvss = parseCvss(rating.vector)
      if (cvss === undefined) return undefined
      return { ...nothing, severity: cvss.severity, source: 'cvss', cvssVector: cvss.vector, cvssScore: cvss.score }
    }
  }
}

function levelOf(rating: number): ImpactLevel | undefined {
  return impactLevels[rating - 1]
}
