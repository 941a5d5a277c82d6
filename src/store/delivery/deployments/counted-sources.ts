import { sql } from 'kysely'
import type { Db } from '../../db.ts'

export type CountedRepository = {
  id: string
  name: string
  path: string
  counted: number
  lastAt: Date | null
  /** How many deployments of each source were told since, whether they count or not. */
  told: Partial<Record<'bitbucket' | 'merge' | 'tag' | 'pipeline' | 'push', number>>
}

type Wish = { organizationId: string; text: string | undefined; since: Date; limit: number }

/** Repositories by name, each with the production deployments that count since a moment. */
export async function listCountedRepositories(
  db: Db,
  { organizationId, text, since, limit }: Wish,
): Promise<CountedRepository[]> {
  const like = text === undefined ? null : `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const found = await sql<CountedRepository>`
    select r.id, r.name, r.path, coalesce(f.counted, 0) as counted, l.at as "lastAt", coalesce(t.told, '{}') as told
    from (select organization_id, id, name, workspace_slug || '/' || slug as path from repository
      where organization_id = ${organizationId}::uuid and state <> 'gone'
        and (${like}::text is null or name ilike ${like} escape '\\' or workspace_slug || '/' || slug ilike ${like} escape '\\')
      order by lower(name), id limit ${limit}) r
    left join lateral (select count(*) as counted from deployment_figures f
      where f.organization_id = r.organization_id and f.repository_id = r.id and f.completed_at >= ${since}) f on true
    left join lateral (select max(f.completed_at) as at from deployment_figures f
      where f.organization_id = r.organization_id and f.repository_id = r.id) l on true
    left join lateral (select json_object_agg(source, n) as told from (
      select d.source, count(*) as n from deployment d
      where d.organization_id = r.organization_id and d.repository_id = r.id and d.completed_at >= ${since}
      group by d.source) s) t on true
    order by lower(r.name), r.id`.execute(db)
  return found.rows
}
