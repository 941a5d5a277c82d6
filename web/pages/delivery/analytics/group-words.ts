import type { RouteResponse } from '../../../api/route-types.ts'

/** Groups of figures in words, in the order in which they are shown. */
export const groupWords: Record<RouteResponse<'listMetrics'>[number]['group'], string> = {
  dora: 'DORA',
  flow: 'Flow',
  reviews: 'Reviews',
  health: 'Pull requests',
}
