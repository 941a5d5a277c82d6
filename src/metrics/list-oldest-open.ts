import { sql } from 'kysely'
import type { Db } from '../store/db.ts'
import { openPrAge } from './health/open-pr-age.ts'
import { isLasting, type MetricScope } from './metric.ts'

export type OldPullRequest = { repository: string; number: number; webUrl: string; readyAt: Date; total: number }

/** The pull requests of a scope that are open now and have been ready longest, the oldest first; `total` is how many there are. */
export async function listOldestOpen(db: Db, scope: MetricScope, limit: number): Promise<OldPullRequest[]> {
  if (!isLasting(openPrAge)) throw new Error('The age of open pull requests is of what lasts.')
  const facts = openPrAge.facts({ ...scope, range: { from: scope.now, to: scope.now } })
  const found = await sql<OldPullRequest>`
    select r.name as repository, p.remote_id as number, p.web_url as "webUrl", fact.at as "readyAt", fact.total
    from (select id, at, count(*) over () as total from (${facts}) open
      where left_out is null and (until is null or until > ${scope.now}) order by at, id limit ${limit}) fact
    join pull_request p on p.organization_id = ${scope.organizationId}::uuid and p.id = fact.id
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id
    order by fact.at, fact.id`.execute(db)
  return found.rows
}
