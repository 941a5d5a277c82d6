import { sql } from 'kysely'
import type { Db } from '../../db.ts'

export async function listOrganizationsToRead(db: Db): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select o.organization_id as id from organization o
    where exists (select from pull_request_to_read m where m.organization_id = o.organization_id) order by 1`.execute(
    db,
  )
  return found.rows.map(({ id }) => id)
}

/** Takes up to `limit` pull requests whose texts may name other keys, their marks with them. */
export async function takePullRequestsToRead(
  tx: Db,
  { organizationId, limit }: { organizationId: string; limit: number },
): Promise<string[]> {
  const marked = await sql<{ id: string }>`
    delete from pull_request_to_read where organization_id = ${organizationId}::uuid and pull_request_id in (
      select distinct pull_request_id from pull_request_to_read where organization_id = ${organizationId}::uuid
      order by pull_request_id limit ${limit})
    returning pull_request_id as id`.execute(tx)
  return [...new Set(marked.rows.map(({ id }) => id))]
}

/** What a pull request says, and the keys its comments and tasks name: those of people, not what Weir wrote there itself. */
export type PullRequestTexts = {
  id: string
  branch: string
  title: string
  description: string
  commits: string
  commentKeys: string[]
  taskKeys: string[]
}

type Scope = { organizationId: string; ids: readonly string[] }

export async function listPullRequestTexts(db: Db, { organizationId, ids }: Scope): Promise<PullRequestTexts[]> {
  const found = await sql<PullRequestTexts>`
    select p.id, coalesce(p.source_branch, '') as branch, p.title, p.description, p.task_keys as "taskKeys",
      -- Only what may hold a key at all, and of each what people read.
      coalesce((select string_agg(left(c.message, 5000), ' ') from pull_request_commit pc
        join commit c on c.organization_id = pc.organization_id and c.repository_id = pc.repository_id and c.sha = pc.sha
        where pc.organization_id = p.organization_id and pc.pull_request_id = p.id and c.message ~ '[A-Za-z0-9_]-[0-9]'), '') as commits,
      array(select distinct key from pull_request_event e cross join unnest(e.keys) as key
        where e.organization_id = p.organization_id and e.pull_request_id = p.id and e.kind = 'comment' and not e.is_deleted
          and not exists (select from pull_request_summary s
            join asset a on a.organization_id = s.organization_id and a.id = s.asset_id
            where s.organization_id = p.organization_id and a.repository_id = p.repository_id and s.comment_id = e.remote_key)
          and not exists (select from defect d
            where d.organization_id = p.organization_id and d.repository_id = p.repository_id
              and d.item_pull_request = p.remote_id
              and (d.remote_id = 'pull_request:' || p.remote_id || ':' || e.remote_key
                or exists (select from message_link l where l.organization_id = d.organization_id and l.defect_id = d.id
                  and l.direction = 'out' and l.remote_comment_id = e.remote_key)))) as "commentKeys"
    from pull_request p
    where p.organization_id = ${organizationId}::uuid and p.id = any(${[...ids]}::uuid[])`.execute(db)
  return found.rows
}

export type PullRequestKey = { pull_request_id: string; key: string; place: string }

/** Replaces the keys of these pull requests. What stays as it is is not written, so that nothing is marked by it. */
export async function replaceKeys(
  tx: Db,
  { organizationId, ids, keys }: Scope & { keys: readonly PullRequestKey[] },
): Promise<void> {
  const told = sql`json_to_recordset(${JSON.stringify(keys)}::json) as n(pull_request_id uuid, key text, place text)`
  await sql`
    delete from pull_request_key k where k.organization_id = ${organizationId}::uuid and k.pull_request_id = any(${[...ids]}::uuid[])
      and (k.pull_request_id, k.key, k.place) not in (select n.pull_request_id, n.key, n.place from ${told})`.execute(
    tx,
  )
  if (keys.length === 0) return
  await sql`
    insert into pull_request_key (organization_id, pull_request_id, key, place)
    select ${organizationId}::uuid, n.pull_request_id, n.key, n.place from ${told}
    on conflict do nothing`.execute(tx)
}
