import { type Insertable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { PullRequestFiguresTable, PullRequestReviewTable } from '../schema.gen.ts'

type NewFigures = Insertable<PullRequestFiguresTable>
type NewReview = Insertable<PullRequestReviewTable>

/** Replaces all that was worked out of these pull requests. Every row has the same columns. */
export async function replaceFigures(
  tx: Db,
  {
    organizationId,
    figures,
    reviews,
  }: { organizationId: string; figures: readonly NewFigures[]; reviews: readonly NewReview[] },
): Promise<void> {
  const [first] = figures
  if (first === undefined) return
  const columns = Object.keys(first).map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`)
  await sql`
    insert into pull_request_figures
    select * from json_populate_recordset(null::pull_request_figures, ${JSON.stringify(figures)}::json)
    on conflict (organization_id, pull_request_id) do update set ${sql.join(columns)}`.execute(tx)
  await tx
    .deleteFrom('pull_request_review')
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', sql<string>`any(${figures.map(({ pull_request_id }) => pull_request_id)}::uuid[])`)
    .execute()
  if (reviews.length === 0) return
  await sql`
    insert into pull_request_review
    select * from json_populate_recordset(null::pull_request_review, ${JSON.stringify(reviews)}::json)`.execute(tx)
}
