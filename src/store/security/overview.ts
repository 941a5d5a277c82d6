import { sql } from 'kysely'
import type { SlaState } from '../../domain/sla/judge-sla.ts'
import type { Db } from '../db.ts'
import { type SlaScope, slaState } from './sla-state.ts'

type Counts = {
  awaiting_validation: number
  unread: number
  assets: number
  imports: number
  imports_waiting: number
  connections: number
  repositories: number
  defects: number
  others: number
}

/** What stands on other branches is work in progress there, and in no figure. */
const onDefaultBranch = sql`exists (select from asset a where a.organization_id = v.organization_id and a.id = v.asset_id and a.default_branch = v.branch)`

/** The figures of the first page for one member. */
export async function countOverview(db: Db, scope: { organizationId: string; memberId: string }): Promise<Counts> {
  const organization = sql`organization_id = ${scope.organizationId}::uuid`
  const found = await sql<Counts>`
    select
      (select count(*) from vulnerability v where v.organization_id = ${scope.organizationId}::uuid and v.merged_into is null
        and v.status = 'awaiting_validation' and ${onDefaultBranch}) as awaiting_validation,
      (select count(*) from notification where ${organization} and member_id = ${scope.memberId}::uuid and in_app and read_at is null) as unread,
      (select count(*) from asset where ${organization} and archived_at is null) as assets,
      (select count(*) from import where ${organization} and state = 'applied') as imports,
      (select count(*) from import where ${organization} and state in ('previewed', 'held')) as imports_waiting,
      (select count(*) from connection where ${organization} and kind = 'bitbucket' and state <> 'disconnected') as connections,
      (select count(*) from asset where ${organization} and repository_id is not null) as repositories,
      (select count(*) from defect where ${organization}) as defects,
      (select count(*) from member where ${organization} and id <> ${scope.memberId}::uuid)
        + (select count(*) from invitation where ${organization} and revoked_at is null) as others`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new Error('A query of counts answered no row.')
  return row
}

export async function countOpenBySeverity(db: Db, organizationId: string): Promise<Record<string, number>> {
  const found = await sql<{ severity: string; count: number }>`
    select v.severity, count(*) from vulnerability v
    where v.organization_id = ${organizationId}::uuid and v.merged_into is null and ${onDefaultBranch}
      and v.status in ('created', 'identified', 'in_progress', 'awaiting_validation') group by 1`.execute(db)
  return Object.fromEntries(found.rows.map((row) => [row.severity, row.count]))
}

/** Of what is open on default branches: how many are where against their deadline. */
export async function countDeadlines(db: Db, scope: SlaScope): Promise<Partial<Record<SlaState, number>>> {
  const found = await sql<{ state: SlaState; count: number }>`
    select ${slaState(scope)} as state, count(*) from vulnerability v
    where v.organization_id = ${scope.organizationId}::uuid and v.merged_into is null and v.on_default_branch
      and v.status in ('created', 'identified', 'in_progress', 'awaiting_validation') group by 1`.execute(db)
  return Object.fromEntries(found.rows.map((row) => [row.state, row.count]))
}

export async function listTroubledConnections(db: Db, organizationId: string) {
  return db
    .selectFrom('connection')
    .select(['id', 'name', 'state', 'state_reason'])
    .where('organization_id', '=', organizationId)
    .where('state', 'in', ['limited', 'unauthorized', 'unreachable'])
    .orderBy('name')
    .execute()
}
