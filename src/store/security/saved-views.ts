import { sql } from 'kysely'
import type { Db } from '../db.ts'

type Key = { organizationId: string; id: string }

export type SavedViewRow = {
  id: string
  name: string
  search: string
  member_id: string | null
  created_by: string | null
  created_by_name: string | null
  is_default: boolean
  version: number
  updated_at: Date
}

/** What one member sees: their own and the organization's. */
export async function listSavedViews(
  db: Db,
  scope: { organizationId: string; memberId: string; id?: string },
): Promise<SavedViewRow[]> {
  const found = await sql<SavedViewRow>`
    select s.id, s.name, s.search, s.member_id, s.created_by, m.name as created_by_name, s.version, s.updated_at,
      exists (select from default_view d where d.organization_id = s.organization_id
        and d.member_id = ${scope.memberId}::uuid and d.saved_view_id = s.id) as is_default
    from saved_view s
    left join member m on m.organization_id = s.organization_id and m.id = s.created_by
    where s.organization_id = ${scope.organizationId}::uuid and (s.member_id is null or s.member_id = ${scope.memberId}::uuid)
      and ${scope.id === undefined ? sql`true` : sql`s.id = ${scope.id}::uuid`}
    order by lower(s.name), s.id`.execute(db)
  return found.rows
}

export async function insertSavedView(
  tx: Db,
  view: Key & { memberId: string | null; name: string; search: string; createdBy: string; now: Date },
): Promise<void> {
  await tx
    .insertInto('saved_view')
    .values({
      organization_id: view.organizationId,
      id: view.id,
      member_id: view.memberId,
      name: view.name,
      search: view.search,
      created_by: view.createdBy,
      created_at: view.now,
      updated_at: view.now,
    })
    .execute()
}

export async function updateSavedView(
  tx: Db,
  key: Key & { now: Date },
  change: { name?: string; search?: string; member_id?: string | null },
): Promise<void> {
  await tx
    .updateTable('saved_view')
    .set((set) => ({ ...change, updated_at: key.now, version: set('version', '+', 1) }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

export async function deleteSavedView(tx: Db, key: Key): Promise<void> {
  await tx.deleteFrom('saved_view').where('organization_id', '=', key.organizationId).where('id', '=', key.id).execute()
}

/** Another view of the same name in the same shelf: a member's, or the organization's. */
export async function findViewNamed(
  tx: Db,
  wanted: { organizationId: string; memberId: string | null; name: string },
): Promise<string | undefined> {
  const found = await sql<{ id: string }>`
    select id from saved_view where organization_id = ${wanted.organizationId}::uuid
      and member_id is not distinct from ${wanted.memberId}::uuid and lower(name) = lower(${wanted.name})`.execute(tx)
  return found.rows[0]?.id
}

/** The view a member begins with; one at most. */
export async function setDefaultView(tx: Db, key: Key & { memberId: string }): Promise<void> {
  await sql`insert into default_view (organization_id, member_id, saved_view_id)
    values (${key.organizationId}::uuid, ${key.memberId}::uuid, ${key.id}::uuid)
    on conflict (organization_id, member_id) do update set saved_view_id = excluded.saved_view_id`.execute(tx)
}

/** Of one member, or with no member named, of all others than the one who keeps it. */
export async function unsetDefaultView(
  tx: Db,
  key: Key & { memberId?: string; exceptMemberId?: string },
): Promise<void> {
  let rows = tx
    .deleteFrom('default_view')
    .where('organization_id', '=', key.organizationId)
    .where('saved_view_id', '=', key.id)
  if (key.memberId !== undefined) rows = rows.where('member_id', '=', key.memberId)
  if (key.exceptMemberId !== undefined) rows = rows.where('member_id', '<>', key.exceptMemberId)
  await rows.execute()
}
