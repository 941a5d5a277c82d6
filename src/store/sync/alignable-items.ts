import { sql } from 'kysely'
import type { Db } from '../db.ts'

type Search = { organizationId: string; tracker: string; after: string | null; limit: number }

/** Live items of a tracker with what decides their state, by id; those whose state is being sent are left out. */
export function listAlignableItems(db: Db, { organizationId, tracker, after, limit }: Search) {
  let query = db
    .selectFrom('defect as d')
    .innerJoin('vulnerability as v', (join) =>
      join.onRef('v.organization_id', '=', 'd.organization_id').onRef('v.id', '=', 'd.vulnerability_id'),
    )
    .select(['d.id', 'd.tracker', 'd.connection_id', 'd.vulnerability_id', 'd.agreed', 'd.remote'])
    .select(['v.status', 'v.asset_id', 'v.branch'])
    .where('d.organization_id', '=', organizationId)
    .where('d.tracker', '=', tracker)
    .where('d.ended_at', 'is', null)
    .where('d.link', '=', 'ok')
    .where(
      sql<boolean>`not exists (select from operation o where o.organization_id = d.organization_id and o.defect_id = d.id
        and o.kind = 'push_state' and o.state in ('queued', 'waiting', 'failed'))`,
    )
    .orderBy('d.id')
    .limit(limit)
  if (after !== null) query = query.where('d.id', '>', after)
  return query.execute()
}
export type AlignableItem = Awaited<ReturnType<typeof listAlignableItems>>[number]
