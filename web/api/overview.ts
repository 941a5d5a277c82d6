import { routeQuery } from './query.ts'

export const overviewQuery = routeQuery('getOverview', {})
