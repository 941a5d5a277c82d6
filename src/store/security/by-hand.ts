import type { FindingKind } from '../../domain/finding-kind.ts'
import type { Rated } from '../../domain/rate-by-hand.ts'
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
  rating: Rated
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
  const { rating } = row
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
      severity: rating.severity,
      severity_source: rating.source,
      cvss_vector: rating.cvssVector,
      cvss_score: rating.cvssScore === null ? null : String(rating.cvssScore),
      impact: rating.impact,
      probability: rating.probability,
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
