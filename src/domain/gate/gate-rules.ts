import { type Severity, severities } from '../severity.ts'

/**
 * The most open vulnerabilities of a severity (0 or more), and the age in days (1 or more) none of them may reach. Null
 * is no limit.
 */
export type GateLimit = { mostOpen: number | null; mostAgeDays: number | null }

/** What an organization asks of the branch of any asset. */
export type GateRules = Readonly<Record<Severity, GateLimit>>

/** What an asset says otherwise: only what it names, and null lifts a limit. */
export type GateOverride = Readonly<Partial<Record<Severity, Partial<GateLimit>>>>

/** The rules for one asset: its own limit where it names one, else the organization's. */
export function resolveGateRules(rules: GateRules, override: GateOverride): GateRules {
  const resolved = { ...rules }
  for (const severity of severities) resolved[severity] = { ...rules[severity], ...override[severity] }
  return resolved
}

const noLimit: GateLimit = { mostOpen: null, mostAgeDays: null }

/** What holds as long as an organization has decided nothing; docs/gate.md states it. Days of the newest report with it. */
export const defaultGate: { rules: GateRules; mostImportAgeDays: number | null } = {
  rules: {
    critical: { mostOpen: 0, mostAgeDays: null },
    high: { mostOpen: 5, mostAgeDays: 30 },
    medium: { mostOpen: null, mostAgeDays: 90 },
    low: noLimit,
    notification: noLimit,
  },
  mostImportAgeDays: 30,
}
