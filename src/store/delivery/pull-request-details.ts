import { sql } from 'kysely'
import type { PullRequestEventKind, PullRequestState } from '../../domain/delivery/pull-request-facts.ts'
import type { Db } from '../db.ts'

type Key = { organizationId: string; id: string }
export type PersonRow = { id: string; name: string; isBot: boolean }

export type PullRequestRow = {
  id: string
  number: number
  title: string
  state: PullRequestState
  isDraft: boolean
  webUrl: string
  repositoryId: string
  repositoryName: string
  sourceBranch: string | null
  destinationBranch: string | null
  openedAt: Date
  changedLines: number | null
  excludedReason: string | null
  excludedBy: string | null
  excludedAt: Date | null
  author: PersonRow | null
  teams: { id: string; name: string }[]
  labels: string[]
}

const person = (account: string, standing: string) => sql`
  case when ${sql.ref(`${account}.id`)} is not null then json_build_object('id', coalesce(${sql.ref(`${standing}.id`)}, ${sql.ref(`${account}.id`)}),
    'name', coalesce(${sql.ref(`${standing}.display_name`)}, ${sql.ref(`${account}.display_name`)}),
    'isBot', ${sql.ref(`${account}.is_bot`)} or coalesce(${sql.ref(`${standing}.is_bot`)}, false)) end`

/** A pull request as it was read, with whose it is; undefined for none of the organization. */
export async function findPullRequestRow(db: Db, { organizationId, id }: Key): Promise<PullRequestRow | undefined> {
  const found = await sql<PullRequestRow>`
    select p.id, p.remote_id as number, p.title, p.state, p.is_draft as "isDraft", p.web_url as "webUrl",
      p.repository_id as "repositoryId", r.name as "repositoryName", p.source_branch as "sourceBranch",
      p.destination_branch as "destinationBranch", p.opened_at as "openedAt",
      p.lines_added + p.lines_removed as "changedLines", p.excluded_reason as "excludedReason",
      p.excluded_by as "excludedBy", p.excluded_at as "excludedAt",
      ${person('c', 'k')} as author,
      array(select json_build_object('id', t.id, 'name', t.name) from pull_request_team l
        join team t on t.organization_id = l.organization_id and t.id = l.team_id
        where l.organization_id = p.organization_id and l.pull_request_id = p.id order by lower(t.name)) as teams,
      array(select l.label from pull_request_label l
        where l.organization_id = p.organization_id and l.pull_request_id = p.id order by lower(l.label)) as labels
    from pull_request p
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id
    left join contributor c on c.organization_id = p.organization_id and c.id = p.author_id
    left join contributor k on k.organization_id = p.organization_id and k.id = c.merged_into
    where p.organization_id = ${organizationId}::uuid and p.id = ${id}::uuid`.execute(db)
  return found.rows[0]
}

/** What was worked out of it; undefined until it was. */
export async function findFiguresRow(db: Db, { organizationId, id }: Key) {
  return db
    .selectFrom('pull_request_figures')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', id)
    .executeTakeFirst()
}

export type ChangeRow = {
  deploymentId: string
  environment: string
  deployedAt: Date
  rule: 'ancestry' | 'time_based'
  isBatchMerge: boolean
  deployS: number | null
  deployBusinessS: number | null
  leadS: number | null
  leadBusinessS: number | null
}

/** The first production deployment that contains it; undefined while there is none. */
export async function findChangeRow(db: Db, { organizationId, id }: Key): Promise<ChangeRow | undefined> {
  const found = await sql<ChangeRow>`
    select c.deployment_id as "deploymentId", e.name as environment, c.deployed_at as "deployedAt", c.rule,
      c.is_batch_merge as "isBatchMerge", c.deploy_s as "deployS", c.deploy_business_s as "deployBusinessS",
      c.lead_s as "leadS", c.lead_business_s as "leadBusinessS"
    from deployment_change c
    join deployment d on d.organization_id = c.organization_id and d.id = c.deployment_id
    join environment e on e.organization_id = d.organization_id and e.id = d.environment_id
    where c.organization_id = ${organizationId}::uuid and c.pull_request_id = ${id}::uuid`.execute(db)
  return found.rows[0]
}

export type EventRow = {
  kind: PullRequestEventKind
  at: Date
  by: PersonRow | null
  path: string | null
  commit: string | null
  isDeleted: boolean
  total: number
}

/** What happened to it, the latest `limit`, in its order. */
export async function listEventRows(
  db: Db,
  { organizationId, id, limit }: Key & { limit: number },
): Promise<EventRow[]> {
  const found = await sql<EventRow>`
    select * from (
      select e.kind, e.at, ${person('c', 'k')} as by, e.path, e.commit, e.is_deleted as "isDeleted", e.remote_key,
        count(*) over ()::integer as total
      from pull_request_event e
      left join contributor c on c.organization_id = e.organization_id and c.id = e.contributor_id
      left join contributor k on k.organization_id = e.organization_id and k.id = c.merged_into
      where e.organization_id = ${organizationId}::uuid and e.pull_request_id = ${id}::uuid
      order by e.at desc, e.kind desc, e.remote_key desc limit ${limit}) latest
    order by at, kind, remote_key`.execute(db)
  return found.rows
}

export type CommitRow = { sha: string; at: Date; message: string; total: number }

/** Its own commits by when they were written, the first `limit`. */
export async function listCommitRows(
  db: Db,
  { organizationId, id, limit }: Key & { limit: number },
): Promise<CommitRow[]> {
  const found = await sql<CommitRow>`
    select c.sha, c.authored_at as at, left(split_part(c.message, E'\n', 1), 200) as message,
      count(*) over ()::integer as total
    from pull_request_commit pc
    join commit c on c.organization_id = pc.organization_id and c.repository_id = pc.repository_id and c.sha = pc.sha
    where pc.organization_id = ${organizationId}::uuid and pc.pull_request_id = ${id}::uuid
    order by c.authored_at, c.sha limit ${limit}`.execute(db)
  return found.rows
}
