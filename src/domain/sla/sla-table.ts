import type { BusinessImpact } from '../business-impact.ts'
import type { Severity } from '../severity.ts'

/** Whole days, 1 or more, to mend something, by severity and business impact of the asset; null where there is no level. */
export type SlaTable = Readonly<Record<Severity, Readonly<Record<BusinessImpact, number | null>>>>

/**
 * What an organization starts with. The middle column is what US federal agencies are held to (15 days for critical, 30
 * for high, https://www.cisa.gov/news-events/directives/bod-19-02-vulnerability-remediation-requirements-internet-accessible-systems),
 * and the usual quarter and half year for the rest.
 */
export const defaultSlaTable: SlaTable = {
  critical: { high: 7, medium: 15, low: 30 },
  high: { high: 15, medium: 30, low: 60 },
  medium: { high: 60, medium: 90, low: 120 },
  low: { high: 120, medium: 180, low: 240 },
  notification: { high: null, medium: null, low: null },
}
