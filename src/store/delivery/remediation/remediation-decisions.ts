import { type Insertable, sql } from 'kysely'
import type { PullRequestReference } from '../../../domain/delivery/remediation/read-reference.ts'
import type { Db } from '../../db.ts'
import type { RemediationDecisionTable } from '../../schema.gen.ts'

type Key = { organizationId: string; vulnerabilityId: string }

/** The pull request of a reference; where it names no repository, in that of the vulnerability's asset. */
export async function findReferenced(
  db: Db,
  { organizationId, vulnerabilityId, repository, number }: Key & PullRequestReference,
): Promise<string | undefined> {
  const place =
    repository === null
      ? sql`p.repository_id = (select a.repository_id from vulnerability v
          join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
          where v.organization_id = ${organizationId}::uuid and v.id = ${vulnerabilityId}::uuid)`
      : sql`p.repository_id in (select r.id from repository r where r.organization_id = ${organizationId}::uuid
          and r.workspace_slug = ${repository.workspace} and r.slug = ${repository.slug})`
  const found = await sql<{ id: string }>`
    select p.id from pull_request p
    where p.organization_id = ${organizationId}::uuid and ${place} and p.remote_id = ${number}
    order by p.id limit 1`.execute(db)
  return found.rows[0]?.id
}

export async function insertDecision(tx: Db, row: Insertable<RemediationDecisionTable>): Promise<void> {
  await tx.insertInto('remediation_decision').values(row).execute()
}

/** Waits until nobody else follows this organization's vulnerabilities; nobody else does until the transaction ends. */
export async function waitForRemediation(tx: Db, organizationId: string): Promise<void> {
  const key = `weir remediation ${organizationId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
}
