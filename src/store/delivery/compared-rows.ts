import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** What figures stand side by side for. `within`: a repository's workspace, the name of the team above a team. */
export type ComparedRowName = { id: string; name: string; within: string | null }

/** Repositories whose name holds a text, by name; of some ids alone, where they are told. */
export async function listComparedRepositories(
  db: Db,
  { organizationId, text, ids }: { organizationId: string; text: string; ids: readonly string[] | undefined },
): Promise<ComparedRowName[]> {
  const some = ids === undefined ? sql`` : sql`and id = any(${[...ids]}::uuid[])`
  const found = await sql<ComparedRowName>`
    select id, name, workspace_slug as within from repository
    where organization_id = ${organizationId}::uuid ${some}
      and strpos(lower(workspace_slug || '/' || slug || ' ' || name), lower(${text})) > 0
    order by lower(name), id`.execute(db)
  return found.rows
}

/** Every team by name, with the one above it. */
export async function listComparedTeams(
  db: Db,
  organizationId: string,
): Promise<(ComparedRowName & { parentId: string | null })[]> {
  const found = await sql<ComparedRowName & { parentId: string | null }>`
    select t.id, t.name, t.parent_id as "parentId", above.name as within from team t
    left join team above on above.organization_id = t.organization_id and above.id = t.parent_id
    where t.organization_id = ${organizationId}::uuid
    order by lower(t.name), t.id`.execute(db)
  return found.rows
}
