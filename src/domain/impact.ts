import type { Severity } from './severity.ts'

/** How bad it would be, and how likely it is, as a person rates it. */
export const impactLevels = ['low', 'medium', 'high'] as const
export type ImpactLevel = (typeof impactLevels)[number]

/** First impact, then probability. The table is docs/severity.md; it is impact × probability with 1 to 3 for each. */
const matrix: Record<ImpactLevel, Record<ImpactLevel, Severity>> = {
  low: { low: 'notification', medium: 'low', high: 'medium' },
  medium: { low: 'low', medium: 'medium', high: 'high' },
  high: { low: 'medium', medium: 'high', high: 'critical' },
}

/** The severity of a vulnerability that a person wrote down, without a CVSS vector. */
export function severityOfImpact({ impact, probability }: { impact: ImpactLevel; probability: ImpactLevel }): Severity {
  return matrix[impact][probability]
}

/** The rating as the number it counts, 1 to 3: what the database holds. */
export function numberOfImpact(level: ImpactLevel): number {
  return impactLevels.indexOf(level) + 1
}

/** The rating of a number, 1 to 3; the lowest for any other. */
export function impactOfNumber(number: number): ImpactLevel {
  return impactLevels[number - 1] ?? 'low'
}
