import type { Vulnerability } from '../../../../contract/security/vulnerabilities.ts'
import type { Db } from '../../../store/db.ts'
import { findIntelligenceLoad, listKnownExploited } from '../../../store/security/intelligence.ts'
import type { VulnerabilitySummary } from '../../../store/security/vulnerability-summaries.ts'

/** What the loaded files say of a vulnerability beyond its scores: of which day these are, and the catalogue's entries. */
export async function describeIntelligence(
  db: Db,
  vulnerability: Pick<VulnerabilitySummary, 'epss_probability' | 'known_exploited' | 'aliases' | 'rule_id'>,
  evidence: readonly { advisory_names: readonly string[] }[],
): Promise<Pick<Vulnerability, 'epss_scored_on' | 'exploited'>> {
  const { epss_probability: probability, known_exploited: isKnown, aliases, rule_id: ruleId } = vulnerability
  const load = probability === null ? undefined : await findIntelligenceLoad(db, 'epss')
  const names = [ruleId, ...aliases, ...evidence.flatMap((one) => one.advisory_names)]
  const entries = isKnown ? await listKnownExploited(db, [...new Set(names)]) : []
  return {
    epss_scored_on: load?.published_on ?? null,
    exploited: entries.map(({ cve, addedOn, dueOn, isUsedByRansomware }) => {
      return { cve, added_on: addedOn, due_on: dueOn, used_by_ransomware: isUsedByRansomware }
    }),
  }
}
