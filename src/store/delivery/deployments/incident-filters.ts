import { sql, type Updateable } from 'kysely'
import type { Db } from '../../db.ts'
import type { IncidentFilterTable } from '../../schema.gen.ts'

export type FilterKey = { organizationId: string; connectionId: string }

/** Connections with Jira that are in use, each with its filter where it has one. */
export async function listFilterRows(db: Db, { organizationId }: { organizationId: string }) {
  return db
    .selectFrom('connection as c')
    .leftJoin('incident_filter as f', (join) =>
      join.onRef('f.organization_id', '=', 'c.organization_id').onRef('f.connection_id', '=', 'c.id'),
    )
    .leftJoin('repository as r', (join) =>
      join.onRef('r.organization_id', '=', 'f.organization_id').onRef('r.id', '=', 'f.default_repository_id'),
    )
    .select(['c.id', 'c.name', 'f.jql', 'f.repository_field', 'f.read_at', 'f.error', 'f.unplaced', 'f.unplaced_keys'])
    .select(sql<string | null>`r.workspace_slug || '/' || r.slug`.as('default_repository'))
    .select(
      sql<number>`(select count(*) from incident i where i.organization_id = c.organization_id and i.connection_id = c.id)`.as(
        'incidents',
      ),
    )
    .where('c.organization_id', '=', organizationId)
    .where('c.kind', '=', 'jira')
    .where('c.state', '<>', 'disconnected')
    .orderBy('c.name')
    .orderBy('c.id')
    .execute()
}

export type FilterWish = { jql: string; repository_field: string | null; default_repository_id: string | null }

/** Sets what is an incident, to be read from the beginning. */
export async function putFilter(tx: Db, key: FilterKey, { now, ...wish }: FilterWish & { now: Date }): Promise<void> {
  const anew = {
    ...wish,
    read_until: null,
    full_read_at: null,
    read_at: null,
    next_read_at: now,
    attempts: 0,
    error: null,
    unplaced: 0,
    unplaced_keys: [],
    updated_at: now,
  }
  await tx
    .insertInto('incident_filter')
    .values({ organization_id: key.organizationId, connection_id: key.connectionId, ...anew })
    .onConflict((conflict) => conflict.columns(['organization_id', 'connection_id']).doUpdateSet(anew))
    .execute()
}

export async function deleteFilter(tx: Db, { organizationId, connectionId }: FilterKey): Promise<boolean> {
  const row = await tx
    .deleteFrom('incident_filter')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .returning('connection_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Incidents read from a connection; with `before` those that were last seen earlier. */
export async function deleteReadIncidents(
  tx: Db,
  { organizationId, connectionId, before }: FilterKey & { before?: Date },
): Promise<void> {
  await tx
    .deleteFrom('incident')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .$if(before !== undefined, (query) => query.where('updated_at', '<', before ?? null))
    .execute()
}

export type DueFilter = FilterKey & {
  jql: string
  repositoryField: string | null
  defaultRepositoryId: string | null
  readUntil: Date | null
  fullReadAt: Date | null
  attempts: number
}

/** Takes the filter that has waited longest, and nobody else does for a while; undefined where none is due. */
export async function takeDueFilter(
  db: Db,
  { now, until }: { now: Date; until: Date },
): Promise<DueFilter | undefined> {
  const found = await sql<DueFilter>`
    update incident_filter f set next_read_at = ${until}
    from (select f.organization_id, f.connection_id from incident_filter f
      join connection c on c.organization_id = f.organization_id and c.id = f.connection_id and c.state <> 'disconnected'
      where f.next_read_at <= ${now} order by f.next_read_at limit 1 for update of f skip locked) due
    where f.organization_id = due.organization_id and f.connection_id = due.connection_id
    returning f.organization_id as "organizationId", f.connection_id as "connectionId", f.jql,
      f.repository_field as "repositoryField", f.default_repository_id as "defaultRepositoryId",
      f.read_until as "readUntil", f.full_read_at as "fullReadAt", f.attempts`.execute(db)
  return found.rows[0]
}

/** Nothing is written where somebody changed the filter meanwhile: it is read anew then. Answers whether it was. */
export async function updateFilter(
  db: Db,
  { organizationId, connectionId, jql }: FilterKey & { jql: string },
  change: Updateable<IncidentFilterTable>,
): Promise<boolean> {
  const row = await db
    .updateTable('incident_filter')
    .set(change)
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('jql', '=', jql)
    .returning('connection_id')
    .executeTakeFirst()
  return row !== undefined
}

export async function listPlaceableRepositories(db: Db, { organizationId }: { organizationId: string }) {
  return db
    .selectFrom('repository')
    .select('id')
    .select(sql<string>`workspace_slug || '/' || slug`.as('path'))
    .where('organization_id', '=', organizationId)
    .where('state', '<>', 'gone')
    .execute()
}

export type ReadIncident = {
  id: string
  repository_id: string
  key: string
  title: string
  severity: string | null
  web_url: string
  began_at: Date
  resolved_at: Date | null
}

/** Writes incidents of a connection, each in one repository: it leaves the one it was in. Told twice, the later telling counts. In two statements. */
export async function writeReadIncidents(
  tx: Db,
  { organizationId, connectionId, now }: FilterKey & { now: Date },
  { incidents, gone }: { incidents: readonly ReadIncident[]; gone: readonly string[] },
): Promise<void> {
  const told = [...new Map(incidents.map((one) => [one.key, one])).values()]
  const keys = [...told.map(({ key }) => key), ...gone]
  if (keys.length === 0) return
  const places = [...told.map(({ repository_id }) => repository_id), ...gone.map(() => null)]
  await sql`
    delete from incident i using unnest(${keys}::text[], ${places}::uuid[]) as k (key, repository_id)
    where i.organization_id = ${organizationId}::uuid and i.connection_id = ${connectionId}::uuid and i.key = k.key
      and i.repository_id is distinct from k.repository_id`.execute(tx)
  if (told.length === 0) return
  const own = { organization_id: organizationId, connection_id: connectionId, source: 'jira' as const, updated_at: now }
  await tx
    .insertInto('incident')
    .values(told.map((one) => ({ ...one, ...own })))
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'repository_id', 'key']).doUpdateSet((set) => ({
        title: set.ref('excluded.title'),
        severity: set.ref('excluded.severity'),
        web_url: set.ref('excluded.web_url'),
        began_at: set.ref('excluded.began_at'),
        resolved_at: set.ref('excluded.resolved_at'),
        updated_at: now,
      })),
    )
    .execute()
}
