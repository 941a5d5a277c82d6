import { sql } from 'kysely'
import type { PullRequestEvent, PullRequestFacts } from '../../domain/delivery/pull-request-facts.ts'
import type { Db } from '../db.ts'
import { type LineParts, listLineParts } from './line-parts.ts'

/** One pull request with where it belongs and all that is known of it. */
export type StoredPullRequest = {
  id: string
  repositoryId: string
  destinationBranch: string | null
  /** A pull request with a lower number was merged by the same commit. */
  isBatchMerge: boolean
  /** It remedies a vulnerability that people did not dismiss. */
  isSecurityWork: boolean
  /** Undefined where blame was not asked. */
  lines: LineParts | undefined
  facts: PullRequestFacts
}

type Scope = { organizationId: string; ids: readonly string[] }

/** Days between a commit and the next one of its pull request beyond which it belongs to other work. */
const staleDays = 60

/** Facts of these pull requests, in a few statements for all of them. Accounts that were merged are one person. */
export async function listPullRequestFacts(db: Db, scope: Scope): Promise<StoredPullRequest[]> {
  const rows = await listRows(db, scope)
  const events = Map.groupBy(await listEvents(db, scope), ({ id }) => id)
  const approvals = Map.groupBy(await listApprovals(db, scope), ({ id }) => id)
  const commits = new Map((await listCommitSpans(db, scope)).map((span) => [span.id, span]))
  const lines = await listLineParts(db, scope)
  return rows.map((row) => {
    const span = commits.get(row.id)
    const { id, repositoryId, destinationBranch, isBatchMerge, isSecurityWork, authorId, isAuthorBot, ...told } = row
    return {
      id,
      repositoryId,
      destinationBranch,
      isBatchMerge,
      isSecurityWork,
      lines: lines.get(id),
      facts: {
        ...told,
        author: authorId === null ? null : { id: authorId, isBot: isAuthorBot },
        firstCommitAt: told.firstCommitAt ?? span?.firstAt ?? null,
        hasStaleCommit: span?.hasStale ?? false,
        events: (events.get(id) ?? []).map(toEvent),
        approvals: (approvals.get(id) ?? []).map(({ by, isBot, at }) => ({ by: { id: by, isBot }, at })),
      },
    }
  })
}

const seconds = (column: string) => sql<number>`floor(extract(epoch from ${sql.ref(column)}))::bigint`

type Row = {
  id: string
  repositoryId: string
  destinationBranch: string | null
  isBatchMerge: boolean
  isSecurityWork: boolean
  authorId: string | null
  isAuthorBot: boolean
} & Pick<
  PullRequestFacts,
  | 'state'
  | 'isDraft'
  | 'closedById'
  | 'openedAt'
  | 'remoteUpdatedAt'
  | 'mergedAt'
  | 'closedAt'
  | 'firstCommitAt'
  | 'changedLines'
  | 'excludedReason'
>

async function listRows(db: Db, { organizationId, ids }: Scope): Promise<Row[]> {
  const found = await sql<Row>`
    select p.id, p.repository_id as "repositoryId", p.destination_branch as "destinationBranch",
      coalesce(c.merged_into, c.id) as "authorId", coalesce(c.is_bot or k.is_bot, c.is_bot, false) as "isAuthorBot",
      p.state, p.is_draft as "isDraft", coalesce(d.merged_into, d.id) as "closedById",
      ${seconds('p.opened_at')} as "openedAt", ${seconds('p.remote_updated_at')} as "remoteUpdatedAt",
      ${seconds('p.merged_at')} as "mergedAt", ${seconds('p.closed_at')} as "closedAt",
      ${seconds('p.first_commit_at')} as "firstCommitAt", p.lines_added + p.lines_removed as "changedLines",
      coalesce(p.excluded_reason, (select x.reason from figure_exclusion x
        where x.organization_id = p.organization_id and (x.repository_id = p.repository_id or x.label in (
          select l.label from pull_request_label l
          where l.organization_id = p.organization_id and l.pull_request_id = p.id))
        order by x.created_at, x.id limit 1)) as "excludedReason",
      p.state = 'merged' and exists (select from pull_request o
        where o.organization_id = p.organization_id and o.repository_id = p.repository_id and o.merge_sha = p.merge_sha
          and o.state = 'merged' and o.excluded_reason is null and o.remote_id < p.remote_id) as "isBatchMerge",
      exists (select from remediation_link l
        join vulnerability_figures v on v.organization_id = l.organization_id and v.vulnerability_id = l.vulnerability_id
        where l.organization_id = p.organization_id and l.pull_request_id = p.id and v.left_out is null) as "isSecurityWork"
    from pull_request p
    left join contributor c on c.organization_id = p.organization_id and c.id = p.author_id
    left join contributor k on k.organization_id = p.organization_id and k.id = c.merged_into
    left join contributor d on d.organization_id = p.organization_id and d.id = p.closed_by_id
    where p.organization_id = ${organizationId}::uuid and p.id = any(${[...ids]}::uuid[])`.execute(db)
  return found.rows
}

type EventRow = {
  id: string
  kind: PullRequestEvent['kind']
  at: number
  by: string | null
  isBot: boolean
  isDeleted: boolean
}

function toEvent({ kind, at, by, isBot, isDeleted }: EventRow): PullRequestEvent {
  return { kind, at, by: by === null ? null : { id: by, isBot }, isDeleted }
}

async function listEvents(db: Db, { organizationId, ids }: Scope): Promise<EventRow[]> {
  const found = await sql<EventRow>`
    select e.pull_request_id as id, e.kind, ${seconds('e.at')} as at, coalesce(c.merged_into, c.id) as by,
      coalesce(c.is_bot or k.is_bot, c.is_bot, false) as "isBot", e.is_deleted as "isDeleted"
    from pull_request_event e
    left join contributor c on c.organization_id = e.organization_id and c.id = e.contributor_id
    left join contributor k on k.organization_id = e.organization_id and k.id = c.merged_into
    where e.organization_id = ${organizationId}::uuid and e.pull_request_id = any(${[...ids]}::uuid[])`.execute(db)
  return found.rows
}

type ApprovalRow = { id: string; by: string; isBot: boolean; at: number }

async function listApprovals(db: Db, { organizationId, ids }: Scope): Promise<ApprovalRow[]> {
  const found = await sql<ApprovalRow>`
    select r.pull_request_id as id, coalesce(c.merged_into, c.id) as by,
      coalesce(c.is_bot or k.is_bot, c.is_bot, false) as "isBot", ${seconds('r.participated_at')} as at
    from pull_request_reviewer r
    join contributor c on c.organization_id = r.organization_id and c.id = r.contributor_id
    left join contributor k on k.organization_id = r.organization_id and k.id = c.merged_into
    where r.organization_id = ${organizationId}::uuid and r.pull_request_id = any(${[...ids]}::uuid[])
      and r.state = 'approved' and r.participated_at is not null`.execute(db)
  return found.rows
}

type CommitSpan = { id: string; firstAt: number; hasStale: boolean }

async function listCommitSpans(db: Db, { organizationId, ids }: Scope): Promise<CommitSpan[]> {
  const found = await sql<CommitSpan>`
    select id, floor(extract(epoch from min(at)))::bigint as "firstAt", bool_or(next - at > ${staleDays} * interval '24 hours') is true as "hasStale"
    from (select pc.pull_request_id as id, c.authored_at as at,
        lead(c.authored_at) over (partition by pc.pull_request_id order by c.authored_at) as next
      from pull_request_commit pc
      join commit c on c.organization_id = pc.organization_id and c.repository_id = pc.repository_id and c.sha = pc.sha
      where pc.organization_id = ${organizationId}::uuid and pc.pull_request_id = any(${[...ids]}::uuid[])) as own
    group by id`.execute(db)
  return found.rows
}
