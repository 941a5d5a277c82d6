import { call } from './call.ts'
import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput, RouteResponse } from './route-types.ts'

export type CompareQuestion = NonNullable<RouteInput<'compareDelivery'>['query']>
export type ComparedRow = RouteResponse<'compareDelivery'>['items'][number]

const rowsAtOnce = 100

export const comparePages = (question: CompareQuestion) =>
  routePages('compareDelivery', question, (cursor) => ({ query: { ...question, cursor, limit: rowsAtOnce } }))

/** Every row of a comparison, page after page. */
export async function listAllCompared(question: CompareQuestion): Promise<ComparedRow[]> {
  const rows: ComparedRow[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await call('compareDelivery', { query: { ...question, cursor, limit: 200 } })
    rows.push(...page.items)
    if (page.next === null) return rows
    cursor = page.next
  }
}

export const pullRequestQuery = (id: string) => routeQuery('getPullRequest', { params: { id } })

export const labelRulesQuery = routeQuery('listLabelRules', {})
export const useUpdateLabelRules = () =>
  useRoute('updateLabelRules', ['listLabelRules', 'getMetric', 'listMetricRows', 'compareDelivery', 'getPullRequest'])
