import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Up to this age a line is still in the making: who changes it then does their own work anew, or helps with another's. */
export const recentDays = 21

/**
 * Lines a pull request changed, parted: those that take the place of none, and of the others those of its own people or of
 * other people, both not older than `recentDays`, and older ones. All null where blame was not asked or does not tell of
 * all lines; `leftOut`: why it was not.
 */
export type LineParts = {
  newLines: number | null
  reworkLines: number | null
  helpLines: number | null
  refactoredLines: number | null
  leftOut: string | null
}

type Scope = { organizationId: string; ids: readonly string[] }

/**
 * The parts of each of these pull requests that was blamed. The person who wrote a line is the author of the commit that
 * blame names. It is the pull request's own when that person opened it or wrote one of its commits, the one that was merged
 * among them.
 */
export async function listLineParts(db: Db, { organizationId, ids }: Scope): Promise<Map<string, LineParts>> {
  const found = await sql<LineParts & { id: string }>`
    with blamed as (
      select b.pull_request_id as id, b.to_sha, b.changed_at, b.new_lines, b.left_out, p.repository_id, p.author_id
      from pull_request_breakdown b
      join pull_request p on p.organization_id = b.organization_id and p.id = b.pull_request_id
      where b.organization_id = ${organizationId}::uuid and b.pull_request_id = any(${[...ids]}::uuid[])),
    wrote as (
      select id, repository_id, to_sha as sha from blamed
      union select b.id, b.repository_id, p.sha from blamed b
      join pull_request_commit p on p.organization_id = ${organizationId}::uuid and p.pull_request_id = b.id),
    own as (
      select w.id, coalesce(a.merged_into, a.id) as person from wrote w
      join commit c on c.organization_id = ${organizationId}::uuid and c.repository_id = w.repository_id and c.sha = w.sha
      join contributor a on a.organization_id = c.organization_id and a.id = c.author_id
      union select b.id, coalesce(a.merged_into, a.id) from blamed b
      join contributor a on a.organization_id = ${organizationId}::uuid and a.id = b.author_id),
    lines as (
      select b.id, o.lines, written.authored_at >= b.changed_at - make_interval(days => ${recentDays}) as "isRecent",
        exists (select from own where own.id = b.id and own.person = coalesce(w.merged_into, w.id)) as "isOwn"
      from blamed b
      join pull_request_origin o on o.organization_id = ${organizationId}::uuid and o.pull_request_id = b.id
      join commit written on written.organization_id = o.organization_id and written.repository_id = b.repository_id
        and written.sha = o.sha
      left join contributor w on w.organization_id = written.organization_id and w.id = written.author_id),
    parts as (
      select id, sum(lines) filter (where "isRecent" and "isOwn")::integer as rework,
        sum(lines) filter (where "isRecent" and not "isOwn")::integer as help,
        sum(lines) filter (where not "isRecent")::integer as refactored
      from lines group by id)
    select b.id, b.left_out as "leftOut", ${ofWhole(sql`b.new_lines`)} as "newLines", ${ofWhole(sql`coalesce(p.rework, 0)`)} as "reworkLines",
      ${ofWhole(sql`coalesce(p.help, 0)`)} as "helpLines", ${ofWhole(sql`coalesce(p.refactored, 0)`)} as "refactoredLines"
    from blamed b left join parts p using (id)`.execute(db)
  return new Map(found.rows.map(({ id, ...parts }) => [id, parts]))
}

function ofWhole(lines: ReturnType<typeof sql>): ReturnType<typeof sql> {
  return sql`case when b.left_out is null and b.changed_at is not null then ${lines} end`
}
