import { sql } from 'kysely'
import type { Db } from '../db.ts'

export type LabelField = 'title' | 'branch'
export type LabelRule = { label: string; field: LabelField; pattern: string }

/** Rules by label, each with how many pull requests have its label. */
export async function listLabelRuleRows(
  db: Db,
  organizationId: string,
): Promise<(LabelRule & { pull_requests: number })[]> {
  const found = await sql<LabelRule & { pull_requests: number }>`
    select r.label, r.field, r.pattern, coalesce(l.n, 0)::integer as pull_requests from label_rule r
    left join (select label, count(*) as n from pull_request_label
      where organization_id = ${organizationId}::uuid group by 1) l on l.label = r.label
    where r.organization_id = ${organizationId}::uuid
    order by lower(r.label), r.created_at, r.id`.execute(db)
  return found.rows
}

/** Nobody else changes rules, and no pull request gets labels, until the transaction ends. */
export async function lockLabels(tx: Db, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`weir labels ${organizationId}`}, 0))`.execute(tx)
}

/** Replaces all rules, and the labels of every pull request with them: four statements. */
export async function replaceLabelRules(
  tx: Db,
  {
    organizationId,
    rules,
    now,
  }: { organizationId: string; rules: readonly (LabelRule & { id: string; likePattern: string })[]; now: Date },
): Promise<void> {
  await tx.deleteFrom('label_rule').where('organization_id', '=', organizationId).execute()
  await tx.deleteFrom('pull_request_label').where('organization_id', '=', organizationId).execute()
  if (rules.length === 0) return
  const rows = rules.map(({ id, label, field, pattern, likePattern }) => ({
    organization_id: organizationId,
    id,
    label,
    field,
    pattern,
    like_pattern: likePattern,
    created_at: now,
  }))
  await tx.insertInto('label_rule').values(rows).execute()
  await sql`
    insert into pull_request_label (organization_id, label, pull_request_id)
    select distinct p.organization_id, r.label, p.id
    from pull_request p
    join label_rule r on r.organization_id = p.organization_id
      and case r.field when 'title' then lower(p.title) else lower(p.source_branch) end like r.like_pattern
    where p.organization_id = ${organizationId}::uuid`.execute(tx)
}
