import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** From what to what a pull request changed the code, and which files; null where that is not known. */
export type PullRequestChange = {
  id: string
  change: { from: string | undefined; to: string } | null
  paths: { paths: readonly string[]; count: number } | null
}

/** Puts what is known of these in place of what was. */
export async function replacePullRequestChanges(
  tx: Db,
  organizationId: string,
  found: readonly PullRequestChange[],
): Promise<void> {
  const rows = found.map(({ id, change, paths }) => ({
    id,
    from_sha: change?.from ?? null,
    to_sha: change?.to ?? null,
    paths: change === null ? null : (paths?.paths ?? []),
    path_count: change === null ? null : (paths?.count ?? 0),
  }))
  await sql`
    insert into pull_request_change (organization_id, pull_request_id, from_sha, to_sha, paths, path_count)
    select ${organizationId}::uuid, id, from_sha, to_sha, paths, path_count
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as f (id uuid, from_sha text, to_sha text, paths text[], path_count integer)
    on conflict (organization_id, pull_request_id) do update
      set from_sha = excluded.from_sha, to_sha = excluded.to_sha, paths = excluded.paths, path_count = excluded.path_count`.execute(
    tx,
  )
}
