import type { FindingKind } from '../../domain/finding-identity.ts'
import type { Severity } from '../../domain/severity.ts'
import type { Db } from '../db.ts'

/** A vulnerability that a person writes down: no finding stands behind it. */
export type HandMade = {
  organizationId: string
  id: string
  number: number
  assetId: string
  branch: string
  title: string
  description: string
  severity: Severity
  severitySource: 'cvss' | 'person' | 'impact'
  cvss: { vector: string; score: number } | null
  impact: number | null
  probability: number | null
  cwes: readonly number[]
  kind: FindingKind
  scanner: string
  ruleId: string
  path: string | null
  line: number | null
  tags: readonly string[]
  assigneeId: string | null
  now: Date
}

export async function insertHandMade(tx: Db, row: HandMade): Promise<void> {
  await tx
    .insertInto('vulnerability')
    .values({
      organization_id: row.organizationId,
      id: row.id,
      number: row.number,
      source: 'person',
      asset_id: row.assetId,
      branch: row.branch,
      title: row.title,
      description: row.description,
      severity: row.severity,
      severity_source: row.severitySource,
      cvss_vector: row.cvss?.vector ?? null,
      cvss_score: row.cvss === null ? null : String(row.cvss.score),
      impact: row.impact,
      probability: row.probability,
      cwes: [...row.cwes],
      kind: row.kind,
      scanner: row.scanner,
      rule_id: row.ruleId,
      path: row.path,
      line: row.line,
      tags: [...row.tags],
      assignee_member_id: row.assigneeId,
      status: 'created',
      opened_at: row.now,
      last_seen_at: row.now,
      created_at: row.now,
      updated_at: row.now,
    })
    .execute()
}
