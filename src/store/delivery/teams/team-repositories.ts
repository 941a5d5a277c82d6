import { sql } from 'kysely'
import type { Db } from '../../db.ts'

/** To which teams repositories belong themselves: not to those above. Ordered by team. */
export async function listTeamsOfRepositories(
  db: Db,
  { organizationId, repositoryIds }: { organizationId: string; repositoryIds: readonly string[] },
): Promise<{ repositoryId: string; teamId: string }[]> {
  const found = await sql<{ repositoryId: string; teamId: string }>`
    select repository_id as "repositoryId", team_id as "teamId" from team_repository
    where organization_id = ${organizationId}::uuid and repository_id = any(${[...repositoryIds]}::uuid[])
    order by 2`.execute(db)
  return found.rows
}

/** A team and all below it; undefined where one of those asked for is not there. */
export async function listTeamsBelow(
  db: Db,
  { organizationId, teamIds }: { organizationId: string; teamIds: readonly string[] },
): Promise<string[] | undefined> {
  const wanted = [...new Set(teamIds)]
  const found = await sql<{ id: string }>`
    with recursive below as (
      select id from team where organization_id = ${organizationId}::uuid and id = any(${wanted}::uuid[])
      union select t.id from below b join team t on t.organization_id = ${organizationId}::uuid and t.parent_id = b.id)
    select id from below`.execute(db)
  const ids = found.rows.map(({ id }) => id)
  return wanted.every((id) => ids.includes(id)) ? ids : undefined
}
