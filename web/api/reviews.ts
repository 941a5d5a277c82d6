import { keepPreviousData } from '@tanstack/react-query'
import { routeQuery } from './query.ts'
import type { RouteInput } from './route-types.ts'

/** Who reviews whom in a range. */
export const reviewMatrixQuery = (query: NonNullable<RouteInput<'getReviewMatrix'>['query']>) => ({
  ...routeQuery('getReviewMatrix', { query }),
  placeholderData: keepPreviousData,
})
