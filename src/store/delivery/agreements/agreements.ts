import { type Insertable, sql } from 'kysely'
import type { AgreementKind } from '../../../domain/delivery/agreement-kinds.ts'
import type { Db } from '../../db.ts'
import type { WorkingAgreementTable } from '../../schema.gen.ts'

export type StoredAgreement = {
  id: string
  kind: AgreementKind
  isOn: boolean
  threshold: number | null
  team: { id: string; name: string } | null
}

/** The organization's own first, then those of teams by name. */
export async function listStoredAgreements(
  db: Db,
  { organizationId }: { organizationId: string },
): Promise<StoredAgreement[]> {
  const found = await sql<StoredAgreement>`
    select a.id, a.kind, a.is_on as "isOn", a.threshold,
      case when t.id is not null then json_build_object('id', t.id, 'name', t.name) end as team
    from working_agreement a
    left join team t on t.organization_id = a.organization_id and t.id = a.team_id
    where a.organization_id = ${organizationId}::uuid order by lower(t.name) nulls first, a.kind, a.id`.execute(db)
  return found.rows
}

type NewAgreement = Insertable<WorkingAgreementTable>

/** Makes them the organization's agreements; one of the same team and kind keeps its id. */
export async function replaceAgreements(
  tx: Db,
  { organizationId, rows }: { organizationId: string; rows: readonly NewAgreement[] },
): Promise<void> {
  const json = JSON.stringify(rows)
  await sql`
    delete from working_agreement a where a.organization_id = ${organizationId}::uuid and not exists (
      select from json_populate_recordset(null::working_agreement, ${json}::json) n
      where n.team_id is not distinct from a.team_id and n.kind = a.kind)`.execute(tx)
  if (rows.length === 0) return
  await sql`
    insert into working_agreement select * from json_populate_recordset(null::working_agreement, ${json}::json)
    on conflict (organization_id, team_id, kind) do update set is_on = excluded.is_on, threshold = excluded.threshold,
      updated_at = excluded.updated_at`.execute(tx)
}

/** Which of these teams are there. */
export async function listKnownTeamIds(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select id from team where organization_id = ${organizationId}::uuid and id = any(${[...ids]}::uuid[])`.execute(db)
  return found.rows.map(({ id }) => id)
}
