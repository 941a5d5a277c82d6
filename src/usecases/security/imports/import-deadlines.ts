import type { SlaRules } from '../../../domain/sla/judge-sla.ts'
import type { Db } from '../../../store/db.ts'
import { listOtherwiseTimed, type NewDeadline } from '../../../store/security/deadlines.ts'
import { listNewDeadlines, setDeadlinesBy } from '../deadlines/set-deadlines.ts'
import { shareSlaRules } from '../deadlines/sla-rules.ts'

/** The rules an import sets deadlines by, and what new vulnerabilities get by them; nothing where no levels are set. */
export type ImportDeadlines = { rules: SlaRules; ofNew: readonly NewDeadline[] }

/** Opens the rules once for a whole import of one asset. */
export async function openImportDeadlines(
  tx: Db,
  { organizationId, assetId, now }: { organizationId: string; assetId: string; now: Date },
): Promise<ImportDeadlines> {
  const { rules, businessImpact } = await shareSlaRules(tx, { organizationId, assetId })
  return { rules, ofNew: businessImpact === null ? [] : listNewDeadlines(rules, { businessImpact, now }) }
}

/** Gives vulnerabilities of findings whose severity a report changed the time of their severity of now. */
export async function moveDeadlinesOfFindings(
  tx: Db,
  { organizationId, now }: { organizationId: string; now: Date },
  { findingIds, deadlines }: { findingIds: readonly string[]; deadlines: ImportDeadlines | null },
): Promise<void> {
  if (deadlines === null || deadlines.rules.table === null) return
  const vulnerabilityIds = await listOtherwiseTimed(tx, { organizationId, findingIds, deadlines: deadlines.ofNew })
  await setDeadlinesBy(tx, { organizationId, vulnerabilityIds, now }, deadlines.rules)
}
