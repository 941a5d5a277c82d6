import { sql } from 'kysely'
import type { Db } from '../db.ts'

type RepositoryKey = { organizationId: string; repositoryId: string }

export type UnreadPullRequest = {
  id: string
  isMerged: boolean
  sourceCommit: string | null
  mergeCommit: string | null
  destinationBranch: string | null
  mergedAt: Date | null
  /** What its commits are read from, to be written down with them. */
  readOf: string
}

/** Everything that can change which commits a pull request brought. */
const readOf = sql<string>`concat_ws(' ', state, coalesce(source_commit, '-'), coalesce(merge_commit, '-'))`

const isStale = sql<boolean>`(commits_read_of is distinct from ${readOf})`
/** Read before it was kept what they changed. */
const isWithoutChange = sql<boolean>`(not exists (select from pull_request_change c
  where c.organization_id = pull_request.organization_id and c.pull_request_id = pull_request.id))`
const isToRetry = (since: Date) => sql<boolean>`(remote_updated_at >= ${since}::timestamptz
  and commit_flags && array['source_unknown', 'merge_unknown', 'destination_unknown'])`

/**
 * Pull requests whose commits were not read, or from other heads than they have now; with `retrySince` also those that
 * changed since then and of which something was not found. By id, after `after`.
 */
export async function listUnreadPullRequests(
  db: Db,
  input: RepositoryKey & { after: string | null; retrySince: Date | null; limit: number },
): Promise<UnreadPullRequest[]> {
  const { organizationId, repositoryId, after, retrySince } = input
  return db
    .selectFrom('pull_request')
    .select([
      'id',
      sql<boolean>`state = 'merged'`.as('isMerged'),
      'source_commit as sourceCommit',
      'merge_commit as mergeCommit',
      'destination_branch as destinationBranch',
      sql<Date | null>`coalesce(merged_at, closed_at, remote_updated_at)`.as('mergedAt'),
      readOf.as('readOf'),
    ])
    .where('organization_id', '=', organizationId)
    .where('repository_id', '=', repositoryId)
    .where((where) => where.or([isStale, isWithoutChange, ...(retrySince === null ? [] : [isToRetry(retrySince)])]))
    .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(input.limit)
    .execute()
}

/** Merge commits of a repository, as abbreviated as they are, with the moment: the latest first. */
export async function listMerges(
  db: Db,
  { organizationId, repositoryId }: RepositoryKey,
): Promise<{ commit: string; at: Date }[]> {
  const rows = await db
    .selectFrom('pull_request')
    .select(['merge_commit', sql<Date>`coalesce(merged_at, closed_at, remote_updated_at)`.as('at')])
    .where('organization_id', '=', organizationId)
    .where('repository_id', '=', repositoryId)
    .where('state', '=', 'merged')
    .where('merge_commit', 'is not', null)
    .orderBy('at', 'desc')
    .execute()
  return rows.map((row) => ({ commit: row.merge_commit ?? '', at: row.at }))
}

export type PullRequestCommits = {
  id: string
  readOf: string
  sourceSha: string | null
  mergeSha: string | null
  /** Null where they are not known. */
  commits: readonly string[] | null
  size: { added: number; removed: number; files: number } | null
  flags: readonly string[]
}

/** Puts these commits in place of those that were found before. */
export async function replacePullRequestCommits(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
  found: readonly PullRequestCommits[],
): Promise<void> {
  const ids = found.map(({ id }) => id)
  const pairs = found.flatMap(({ id, commits }) => (commits ?? []).map((sha) => ({ id, sha })))
  const [pairIds, shas] = [pairs.map(({ id }) => id), pairs.map(({ sha }) => sha)]
  await sql`
    delete from pull_request_commit p where organization_id = ${organizationId}::uuid
      and pull_request_id = any(${ids}::uuid[])
      and not exists (select from unnest(${pairIds}::uuid[], ${shas}::text[]) as now (id, sha)
        where now.id = p.pull_request_id and now.sha = p.sha)`.execute(tx)
  await sql`
    insert into pull_request_commit (organization_id, pull_request_id, repository_id, sha)
    select ${organizationId}::uuid, id, ${repositoryId}::uuid, sha
      from unnest(${pairIds}::uuid[], ${shas}::text[]) as now (id, sha)
    on conflict do nothing`.execute(tx)
}

/** Writes what was found; `first` is the earliest commit of each. Merges of the remote's abbreviation get the full name. */
export async function updatePullRequestSizes(
  tx: Db,
  input: { organizationId: string; now: Date; first: ReadonlyMap<string, Date> },
  found: readonly PullRequestCommits[],
): Promise<void> {
  const column = <Value>(pick: (one: PullRequestCommits) => Value): Value[] => found.map(pick)
  await sql`
    update pull_request p set source_sha = f.source_sha, merge_sha = f.merge_sha, commit_count = f.commit_count,
      first_commit_at = f.first_commit_at, lines_added = f.added, lines_removed = f.removed, files_changed = f.files,
      commits_read_of = f.read_of, commit_flags = string_to_array(f.flags, ' '), updated_at = ${input.now}
    from unnest(
      ${column(({ id }) => id)}::uuid[], ${column(({ sourceSha }) => sourceSha)}::text[],
      ${column(({ mergeSha }) => mergeSha)}::text[], ${column(({ commits }) => commits?.length ?? null)}::integer[],
      ${column(({ id }) => input.first.get(id)?.toISOString() ?? null)}::timestamptz[],
      ${column(({ size }) => size?.added ?? null)}::integer[], ${column(({ size }) => size?.removed ?? null)}::integer[],
      ${column(({ size }) => size?.files ?? null)}::integer[], ${column(({ readOf }) => readOf)}::text[],
      ${column(({ flags }) => flags.join(' '))}::text[]
    ) as f (id, source_sha, merge_sha, commit_count, first_commit_at, added, removed, files, read_of, flags)
    where p.organization_id = ${input.organizationId}::uuid and p.id = f.id`.execute(tx)
}
