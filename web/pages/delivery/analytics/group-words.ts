import type { RouteResponse } from '../../../api/route-types.ts'
import type { groups } from './analytics-search.ts'

/** Groups of figures in words, in the order in which they are shown. */
export const figureGroupWords: Record<RouteResponse<'listMetrics'>[number]['group'], string> = {
  dora: 'DORA',
  flow: 'Flow',
  reviews: 'Reviews',
  health: 'Pull requests',
  security: 'Security flow',
  pipelines: 'Pipelines & deployments',
}

/** Tabs of Analytics in words. */
export const groupWords: Record<(typeof groups)[number], string> = {
  ...figureGroupWords,
  activity: 'Working days',
  investment: 'Investment',
  agreements: 'Agreements',
  compare: 'Side by side',
}
