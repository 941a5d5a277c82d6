import type * as z from 'zod'
import type { listVulnerabilities as route } from '../../../../contract/security/vulnerabilities.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { countList, mostCounted } from '../../../store/security/vulnerability-counts.ts'
import { type ListQuery, listVulnerabilityIds, preferIndexes } from '../../../store/security/vulnerability-list.ts'
import { listSummaries } from '../../../store/security/vulnerability-summaries.ts'
import { parseCursor, toCursor, toField } from './list-cursor.ts'

type Query = z.output<NonNullable<(typeof route)['query']>>
type Answer = z.output<NonNullable<(typeof route)['response']>>

const defaultLimit = 50

/** One page of vulnerabilities with the counts beside the filters, as one member sees them. Throws `validation_failed` at a foreign cursor. */
export async function listVulnerabilities(
  deps: { db: Db; clock: Clock },
  input: { organizationId: string; memberId: string; query: Query },
): Promise<Answer> {
  const { db, clock } = deps
  const { organizationId, memberId } = input
  const { cursor, limit = defaultLimit, sort = 'severity', ...filters } = input.query
  const scope = { organizationId, memberId, now: clock() }
  const after = cursor === undefined ? null : parseCursor(cursor, sort)
  const page = { ...scope, filters, sort: toField(sort), isDescending: sort.startsWith('-'), after, limit }
  const { counts, positions, items } = await db.transaction().execute((tx) => lookUp(tx, page))
  const last = positions.length > limit ? positions[limit - 1] : undefined
  return {
    items,
    next: last === undefined ? null : toCursor(last, sort),
    total: counts.total,
    total_is_exact: counts.isExact,
    facets: counts.facets,
    facets_are_exact: counts.areFacetsExact,
  }
}

/** One after the other on one connection: the counts come first, for they say how to find the rows. */
async function lookUp(tx: Db, page: ListQuery) {
  await preferIndexes(tx)
  const counts = await countList(tx, page, page.filters)
  const positions = await listVulnerabilityIds(tx, page, counts.isExact && counts.total <= mostCounted)
  const ids = positions.slice(0, page.limit).map((position) => position.id)
  return { counts, positions, items: await listSummaries(tx, { ...page, ids }) }
}
