import { type RawBuilder, sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPullRequests } from '../select-pull-requests.ts'

/** Up to this age a line is still in the making: who changes it then does their own work anew, or helps with another's. */
const recentDays = 21

/**
 * The person who wrote a line: the author of the commit that blame names. It is the pull request's own when that person
 * opened the pull request or wrote one of its commits, the one that was merged among them.
 */
const isOwn = sql<boolean>`exists (
  select from contributor w where w.organization_id = o.organization_id and w.id = written.author_id
    and (coalesce(w.merged_into, w.id) = f.author_id or coalesce(w.merged_into, w.id) in (
      select coalesce(a.merged_into, a.id) from (
        select p.sha from pull_request_commit p
          where p.organization_id = f.organization_id and p.pull_request_id = f.pull_request_id
        union all select b.to_sha) own
      join commit c on c.organization_id = f.organization_id and c.repository_id = f.repository_id and c.sha = own.sha
      join contributor a on a.organization_id = c.organization_id and a.id = c.author_id)))`
const isRecent = sql<boolean>`written.authored_at >= b.changed_at - make_interval(days => ${sql.lit(recentDays)})`

const breakdown = sql`pull_request_breakdown b
  where b.organization_id = f.organization_id and b.pull_request_id = f.pull_request_id`

/** Of the lines that were there before, those of a kind; null where blame was not asked, or does not tell of all lines. */
function changedLines(kind: RawBuilder<boolean>): RawBuilder<number | null> {
  return sql`(select case when b.left_out is null and b.changed_at is not null then (
      select coalesce(sum(o.lines), 0)::integer from pull_request_origin o
      join commit written on written.organization_id = o.organization_id and written.repository_id = f.repository_id
        and written.sha = o.sha
      where o.organization_id = b.organization_id and o.pull_request_id = b.pull_request_id and ${kind}) end
    from ${breakdown})`
}

type Part = { key: string; title: string; description: string; value: RawBuilder<number | null> }

function toMetric({ key, title, description, value }: Part): Metric {
  return {
    key,
    title,
    description: `${description} A line that is replaced counts once. Without ignored files.`,
    unit: 'lines',
    subject: 'pull_request',
    shape: 'total',
    group: 'health',
    goal: { direction: 'none', target: null },
    facts: (scope) =>
      selectPullRequests(scope, {
        at: 'merged_at',
        value,
        leftOut: sql`coalesce(f.left_out, (select b.left_out from ${breakdown}))`,
      }),
  }
}

/** The four parts of changed lines of merged pull requests: together they are all of them, and none is in two. */
export const workBreakdown: readonly Metric[] = [
  toMetric({
    key: 'new_lines',
    title: 'New lines',
    description: 'Lines of merged pull requests that take the place of no other.',
    value: sql`(select case when b.changed_at is not null then b.new_lines end from ${breakdown})`,
  }),
  toMetric({
    key: 'rework_lines',
    title: 'Rework',
    description: `Lines changed or removed within ${recentDays} days by those who wrote them.`,
    value: changedLines(sql`${isRecent} and ${isOwn}`),
  }),
  toMetric({
    key: 'help_lines',
    title: 'Help for others',
    description: `Lines of other people, changed or removed within ${recentDays} days.`,
    value: changedLines(sql`${isRecent} and not ${isOwn}`),
  }),
  toMetric({
    key: 'refactored_lines',
    title: 'Refactoring',
    description: `Lines older than ${recentDays} days, changed or removed.`,
    value: changedLines(sql`not ${isRecent}`),
  }),
]
