import { keepPreviousData } from '@tanstack/react-query'
import { routeQuery } from './query.ts'
import type { RouteInput } from './route-types.ts'

/** On how many days a week people work, and how much outside the hours of their teams. */
export const activityQuery = (query: NonNullable<RouteInput<'getActivity'>['query']>) => ({
  ...routeQuery('getActivity', { query }),
  placeholderData: keepPreviousData,
})
