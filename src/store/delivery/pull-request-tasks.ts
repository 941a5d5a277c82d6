import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { ConnectionKey } from '../remotes/connections.ts'

type Place = { organizationId: string; repositoryId: string; now: Date }

/** Notes that the tasks of what was written in this moment are to be read: of those that have some, or had keys in them. */
export async function wantTasks(tx: Db, { organizationId, repositoryId, now }: Place): Promise<void> {
  await sql`
    update pull_request set tasks_wanted_at = ${now}
    where organization_id = ${organizationId}::uuid and repository_id = ${repositoryId}::uuid and updated_at = ${now}
      and (task_count > 0 or task_keys <> '{}')`.execute(tx)
}

export type WantedTasks = {
  pullRequestId: string
  number: number
  wantedAt: Date
  workspaceUuid: string
  remoteUuid: string
  /** The feed of its repository's pull requests: requests are counted there. */
  feedId: string
}

/** Pull requests of a connection whose tasks are to be read, those first that were wanted first. */
export async function listWantedTasks(
  db: Db,
  { organizationId, connectionId, limit }: ConnectionKey & { limit: number },
): Promise<WantedTasks[]> {
  const found = await sql<WantedTasks>`
    select p.id as "pullRequestId", p.remote_id as number, p.tasks_wanted_at as "wantedAt",
      r.workspace_uuid as "workspaceUuid", r.remote_uuid as "remoteUuid", f.id as "feedId"
    from repository r
    join pull_request p on p.organization_id = r.organization_id and p.repository_id = r.id
    join feed f on f.organization_id = r.organization_id and f.repository_id = r.id and f.kind = 'pull_requests'
    where r.organization_id = ${organizationId}::uuid and r.connection_id = ${connectionId}::uuid
      and r.state in ('here', 'renamed') and p.tasks_wanted_at is not null
    order by p.tasks_wanted_at, p.id limit ${limit}`.execute(db)
  return found.rows
}

export type SeenTask = { keys: readonly string[]; commentId: string | null }
type Telling = { organizationId: string; wanted: WantedTasks; tasks: readonly SeenTask[] }

/**
 * Writes down which keys the tasks of a pull request name: those of people, not what hangs on threads that Weir itself began.
 * What was wanted again meanwhile stays wanted.
 */
export async function recordTaskKeys(db: Db, { organizationId, wanted, tasks }: Telling): Promise<void> {
  const told = tasks.flatMap(({ keys, commentId }) => keys.map((key) => ({ key, comment: commentId })))
  await sql`
    update pull_request p set task_keys = coalesce((
        select array_agg(distinct n.key order by n.key) from json_to_recordset(${JSON.stringify(told)}::json) as n(key text, comment text)
        where not exists (select from defect d
          where d.organization_id = p.organization_id and d.repository_id = p.repository_id
            and d.item_pull_request = p.remote_id and d.remote_id = 'pull_request:' || p.remote_id || ':' || n.comment)), '{}'),
      tasks_wanted_at = nullif(p.tasks_wanted_at, ${wanted.wantedAt})
    where p.organization_id = ${organizationId}::uuid and p.id = ${wanted.pullRequestId}::uuid`.execute(db)
}

/** What the remote does not tell of its tasks is not asked for again until it changes. */
export async function leaveTasks(
  db: Db,
  { organizationId, wanted }: { organizationId: string; wanted: WantedTasks },
): Promise<void> {
  await db
    .updateTable('pull_request')
    .set({ tasks_wanted_at: null })
    .where('organization_id', '=', organizationId)
    .where('id', '=', wanted.pullRequestId)
    .execute()
}
