import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { type ApiProblem, toProblem } from './api-problem.ts'
import { call } from './call.ts'
import type { RouteId, RouteInput, RouteResponse } from './route-types.ts'

/** Query of one GET route; its key begins with the route's id, so that routes can be made stale by name. */
export function routeQuery<Id extends RouteId>(id: Id, input: RouteInput<Id>) {
  return queryOptions<RouteResponse<Id>, ApiProblem>({ queryKey: [id, input], queryFn: () => call(id, input) })
}

/** All pages of a list route; `input` is called with the cursor of the page to fetch. */
export function routePages<Id extends RouteId>(id: Id, key: unknown, input: (cursor?: string) => RouteInput<Id>) {
  return infiniteQueryOptions({
    queryKey: [id, 'pages', key],
    queryFn: ({ pageParam }) => call(id, input(pageParam === '' ? undefined : pageParam)),
    initialPageParam: '',
    getNextPageParam: (last: unknown) => nextOf(last),
  })
}

function nextOf(page: unknown): string | undefined {
  if (typeof page !== 'object' || page === null || !('next' in page)) return undefined
  return typeof page.next === 'string' ? page.next : undefined
}

/** Mutation of one route; the named queries are stale afterwards and their pages fetch again. */
export function useRoute<Id extends RouteId>(id: Id, stale: readonly RouteId[] = []) {
  const client = useQueryClient()
  return useMutation<RouteResponse<Id>, ApiProblem, RouteInput<Id>>({
    mutationKey: [id],
    mutationFn: async (input) => {
      try {
        return await call(id, input)
      } catch (error) {
        throw toProblem(error)
      }
    },
    onSuccess: () => Promise.all(stale.map((route) => client.invalidateQueries({ queryKey: [route] }))),
  })
}
