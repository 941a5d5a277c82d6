import type { ReviewMatrixAnswer } from '../../../contract/delivery/review-matrix.ts'
import { foldMatrix } from '../../domain/delivery/fold-matrix.ts'
import { judgeSpread } from '../../domain/delivery/review-spread.ts'
import type { Clock } from '../../lib/clock.ts'
import { listActivePeople, listOpenRequests, listReviewCells } from '../../metrics/reviews/measure-reviews.ts'
import type { Db } from '../../store/db.ts'
import { readScope, type ScopeQuery } from './metric-scope.ts'
import { nameLines } from './people/name-lines.ts'

const mostLines = 30
const distributionGoal = 0.45

/**
 * Who reviews whom, as the organization allows people to be shown, and how evenly that is spread. Throws
 * `validation_failed` as figures do.
 */
export async function getReviewMatrix(
  deps: { db: Db; clock: Clock },
  input: ScopeQuery & { organizationId: string },
): Promise<ReviewMatrixAnswer> {
  const { db } = deps
  const scope = await readScope(deps, { subject: 'pull_request', title: 'Who reviews whom' }, input)
  const { organizationId, range, now } = scope
  const [{ cells, excluded }, active, requests] = await Promise.all([
    listReviewCells(db, scope),
    listActivePeople(db, scope),
    listOpenRequests(db, scope),
  ])
  const personIds = [
    ...new Set(cells.flatMap(({ reviewerId, authorId }) => [reviewerId, ...(authorId === null ? [] : [authorId])])),
  ]
  const at = range.to < now ? range.to : now
  const { grouping, ...naming } = await nameLines(db, { organizationId, personIds, at })
  const matrix = foldMatrix(cells, { ...naming, most: mostLines })
  const given = sumByReviewer(cells)
  const { gini, topShare } = judgeSpread(active.map((id) => given.get(id) ?? 0))
  const load = judgeSpread([...given.values()])
  const asked = judgeSpread(requests.map(({ count }) => count))
  return {
    grouping,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    ...matrix,
    excluded,
    distribution: {
      active: active.length,
      reviewed: given.size,
      share: active.length === 0 ? null : given.size / active.length,
      goal: distributionGoal,
      gini,
      top_share: topShare,
    },
    load: {
      reviews: cells.reduce((sum, { count }) => sum + count, 0),
      median: load.median,
      p90: load.p90,
      open_requests: requests.reduce((sum, { count }) => sum + count, 0),
      open_requests_median: asked.median,
      open_requests_p90: asked.p90,
    },
  }
}

function sumByReviewer(cells: readonly { reviewerId: string; count: number }[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { reviewerId, count } of cells) sums.set(reviewerId, (sums.get(reviewerId) ?? 0) + count)
  return sums
}
