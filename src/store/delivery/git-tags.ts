import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** A tag at a commit; `at` in whole seconds since 1970. */
export type SeenTag = { name: string; commitSha: string; taggedAt: number; isAnnotated: boolean }

/** Writes tags where they stand; one that stood elsewhere before stays there too. What is the same changes nothing. */
export async function upsertTags(
  db: Db,
  { organizationId, repositoryId }: { organizationId: string; repositoryId: string },
  tags: readonly SeenTag[],
): Promise<void> {
  if (tags.length === 0) return
  await sql`
    insert into git_tag (organization_id, repository_id, name, commit_sha, is_annotated, tagged_at)
    select ${organizationId}::uuid, ${repositoryId}::uuid, t.name, t.sha, t.annotated, to_timestamp(t.at)
    from unnest(${tags.map(({ name }) => name)}::text[], ${tags.map(({ commitSha }) => commitSha)}::text[],
      ${tags.map(({ isAnnotated }) => isAnnotated)}::boolean[], ${tags.map(({ taggedAt }) => taggedAt)}::bigint[])
      as t (name, sha, annotated, at)
    on conflict (organization_id, repository_id, name, commit_sha) do update set
      is_annotated = excluded.is_annotated, tagged_at = excluded.tagged_at
    where (git_tag.is_annotated, git_tag.tagged_at) is distinct from (excluded.is_annotated, excluded.tagged_at)`.execute(
    db,
  )
}
