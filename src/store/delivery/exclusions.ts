import { sql } from 'kysely'
import type { Db } from '../db.ts'

type Key = { organizationId: string; id: string }

/** What somebody left out: one pull request, everything of a repository, or pull requests of a label. */
export type ExclusionRow = {
  id: string
  kind: 'pull_request' | 'repository' | 'label'
  pullRequest: { id: string; number: number; title: string } | null
  repository: { id: string; name: string } | null
  label: string | null
  reason: string
  by: string
  at: Date | null
}

/** The latest first, rules before pull requests; at most `limit` pull requests. */
export async function listExclusionRows(
  db: Db,
  { organizationId, limit }: { organizationId: string; limit: number },
): Promise<ExclusionRow[]> {
  const found = await sql<ExclusionRow>`
    (select x.id, case when x.label is null then 'repository' else 'label' end as kind, null::json as "pullRequest",
      case when r.id is not null then json_build_object('id', r.id, 'name', r.name) end as repository, x.label, x.reason,
      x.member_name as by, x.created_at as at
    from figure_exclusion x
    left join repository r on r.organization_id = x.organization_id and r.id = x.repository_id
    where x.organization_id = ${organizationId}::uuid order by x.created_at desc, x.id)
    union all
    (select p.id, 'pull_request', json_build_object('id', p.id, 'number', p.remote_id, 'title', p.title),
      json_build_object('id', r.id, 'name', r.name), null, p.excluded_reason, coalesce(p.excluded_by, ''), p.excluded_at
    from pull_request p
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id
    where p.organization_id = ${organizationId}::uuid and p.excluded_reason is not null
    order by p.excluded_at desc nulls last, p.id limit ${limit})`.execute(db)
  return found.rows
}

export type NewExclusion = Key & {
  repositoryId: string | null
  label: string | null
  reason: string
  memberName: string
  at: Date
}

/** False where that is left out already. */
export async function insertExclusion(tx: Db, one: NewExclusion): Promise<boolean> {
  const made = await tx
    .insertInto('figure_exclusion')
    .values({
      organization_id: one.organizationId,
      id: one.id,
      repository_id: one.repositoryId,
      label: one.label,
      reason: one.reason,
      member_name: one.memberName,
      created_at: one.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return made.numInsertedOrUpdatedRows === 1n
}

/** What was left out; undefined where there is no such rule. */
export async function deleteExclusion(
  tx: Db,
  { organizationId, id }: Key,
): Promise<{ label: string | null; reason: string; repositoryId: string | null } | undefined> {
  return tx
    .deleteFrom('figure_exclusion')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .returning(['label', 'reason', 'repository_id as repositoryId'])
    .executeTakeFirst()
}

/** The reason it had; null for none. Undefined where there is no such pull request. */
export async function setPullRequestExclusion(
  tx: Db,
  { organizationId, id, said }: Key & { said: { reason: string; memberName: string; at: Date } | null },
): Promise<{ reason: string | null } | undefined> {
  const found = await sql<{ reason: string | null }>`
    update pull_request p set excluded_reason = ${said?.reason ?? null}, excluded_by = ${said?.memberName ?? null},
      excluded_at = ${said?.at ?? null}
    from (select excluded_reason from pull_request
      where organization_id = ${organizationId}::uuid and id = ${id}::uuid for update) former
    where p.organization_id = ${organizationId}::uuid and p.id = ${id}::uuid
    returning former.excluded_reason as reason`.execute(tx)
  return found.rows[0]
}
