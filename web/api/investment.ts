import { keepPreviousData } from '@tanstack/react-query'
import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

type RowScope = NonNullable<RouteInput<'listInvestmentRows'>['query']>

/** What kinds of work merged pull requests were. */
export const investmentQuery = (query: NonNullable<RouteInput<'getInvestment'>['query']>) => ({
  ...routeQuery('getInvestment', { query }),
  placeholderData: keepPreviousData,
})

/** Few: what lines are changed stands below. */
const rowsAtOnce = 10

export const investmentRowPages = (scope: RowScope) =>
  routePages('listInvestmentRows', scope, (cursor) => ({ query: { ...scope, cursor, limit: rowsAtOnce } }))

export const investmentSettingsQuery = routeQuery('getInvestmentSettings', {})

export const useUpdateInvestmentSettings = () =>
  useRoute('updateInvestmentSettings', ['getInvestmentSettings', 'getInvestment', 'listInvestmentRows'])

export const useTryInvestmentSettings = () => useRoute('tryInvestmentSettings')
