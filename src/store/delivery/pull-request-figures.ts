import { type Insertable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { PullRequestFiguresTable, PullRequestReviewTable, PullRequestTeamTable } from '../schema.gen.ts'

type NewFigures = Insertable<PullRequestFiguresTable>
type NewTeam = Insertable<PullRequestTeamTable>
type NewReview = Insertable<PullRequestReviewTable>

/** Replaces all that was worked out of these pull requests. Every row has the same columns. */
export async function replaceFigures(
  tx: Db,
  {
    organizationId,
    figures,
    reviews,
    teams,
  }: {
    organizationId: string
    figures: readonly NewFigures[]
    reviews: readonly NewReview[]
    teams: readonly NewTeam[]
  },
): Promise<void> {
  const [first] = figures
  if (first === undefined) return
  const columns = Object.keys(first).map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`)
  await sql`
    insert into pull_request_figures
    select * from json_populate_recordset(null::pull_request_figures, ${JSON.stringify(figures)}::json)
    on conflict (organization_id, pull_request_id) do update set ${sql.join(columns)}`.execute(tx)
  const ids = figures.map(({ pull_request_id }) => pull_request_id)
  for (const [table, rows] of [
    ['pull_request_review', reviews],
    ['pull_request_team', teams],
  ] as const) {
    await tx
      .deleteFrom(table)
      .where('organization_id', '=', organizationId)
      .where('pull_request_id', '=', sql<string>`any(${ids}::uuid[])`)
      .execute()
    if (rows.length === 0) continue
    await sql`
      insert into ${sql.table(table)}
      select * from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)`.execute(tx)
  }
}
