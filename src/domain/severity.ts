/** Severities from worst to least; the order is the sort order everywhere. */
export const severities = ['critical', 'high', 'medium', 'low', 'notification'] as const
export type Severity = (typeof severities)[number]

/**
 * Severity of a CVSS base (or recomputed) score, 0.0 to 10.0, by the qualitative scale of CVSS 3.1 and 4.0.
 * Source: https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale
 */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  if (score >= 4) return 'medium'
  if (score > 0) return 'low'
  return 'notification'
}
