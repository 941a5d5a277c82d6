import { sql } from 'kysely'
import type { Db } from '../db.ts'

type RepositoryKey = { organizationId: string; repositoryId: string }

/** A merged pull request and from what to what it changed the code. */
export type UnblamedPullRequest = { id: string; from: string | null; to: string }

/** Merged since a moment, and not blamed as they stand now: the latest first. */
export async function listUnblamed(
  db: Db,
  { organizationId, repositoryId, since, limit }: RepositoryKey & { since: Date; limit: number },
): Promise<UnblamedPullRequest[]> {
  const found = await sql<UnblamedPullRequest>`
    select p.id, c.from_sha as "from", c.to_sha as "to" from pull_request p
    join pull_request_change c on c.organization_id = p.organization_id and c.pull_request_id = p.id
    left join pull_request_breakdown b on b.organization_id = p.organization_id and b.pull_request_id = p.id
    where p.organization_id = ${organizationId}::uuid and p.repository_id = ${repositoryId}::uuid and p.state = 'merged'
      and coalesce(p.merged_at, p.closed_at, p.remote_updated_at) >= ${since} and c.to_sha is not null
      and (b.to_sha is null or (b.from_sha, b.to_sha) is distinct from (c.from_sha, c.to_sha))
    order by coalesce(p.merged_at, p.closed_at, p.remote_updated_at) desc, p.id limit ${limit}`.execute(db)
  return found.rows
}

/** `newLines` null: `leftOut` says why it was not read. Lines by the commit that wrote them. */
export type PullRequestOrigins = UnblamedPullRequest & {
  newLines: number | null
  leftOut: string | null
  origins: readonly { sha: string; lines: number }[]
}

/** Puts what blame says of these in place of what it said. */
export async function replaceOrigins(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
  found: readonly PullRequestOrigins[],
): Promise<void> {
  const stated = JSON.stringify(
    found.map(({ id, from, to, newLines, leftOut }) => ({
      id,
      from_sha: from,
      to_sha: to,
      new_lines: newLines,
      left_out: leftOut,
    })),
  )
  const origins = JSON.stringify(found.flatMap(({ id, origins: of }) => of.map((one) => ({ id, ...one }))))
  await sql`delete from pull_request_origin where organization_id = ${organizationId}::uuid
    and pull_request_id = any(${found.map(({ id }) => id)}::uuid[])`.execute(tx)
  await sql`
    insert into pull_request_origin (organization_id, pull_request_id, sha, lines)
    select ${organizationId}::uuid, id, sha, lines
    from json_to_recordset(${origins}::json) as o (id uuid, sha text, lines integer)`.execute(tx)
  await sql`
    insert into pull_request_breakdown (organization_id, pull_request_id, from_sha, to_sha, changed_at, new_lines, left_out)
    select ${organizationId}::uuid, f.id, f.from_sha, f.to_sha,
      case when not exists (
        select from pull_request_origin o
        left join commit w on w.organization_id = o.organization_id and w.repository_id = ${repositoryId}::uuid and w.sha = o.sha
        where o.organization_id = ${organizationId}::uuid and o.pull_request_id = f.id and w.sha is null) then c.authored_at end,
      f.new_lines, f.left_out
    from json_to_recordset(${stated}::json) as f (id uuid, from_sha text, to_sha text, new_lines integer, left_out text)
    left join commit c on c.organization_id = ${organizationId}::uuid and c.repository_id = ${repositoryId}::uuid
      and c.sha = f.to_sha
    on conflict (organization_id, pull_request_id) do update set from_sha = excluded.from_sha, to_sha = excluded.to_sha,
      changed_at = excluded.changed_at, new_lines = excluded.new_lines, left_out = excluded.left_out`.execute(tx)
}
