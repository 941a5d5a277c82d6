import { parseProblem, unreachable } from './api-problem.ts'
import { toRequest } from './call.ts'
import { routeQuery } from './query.ts'
import type { RouteInput, RouteResponse } from './route-types.ts'

export const intelligenceQuery = routeQuery('listIntelligence', {})

/** Sends a published file as it is. Throws `ApiProblem`. */
export async function uploadIntelligence(
  file: File,
  query: RouteInput<'loadIntelligence'>['query'],
): Promise<RouteResponse<'loadIntelligence'>> {
  const { method, url } = toRequest('loadIntelligence', { query })
  const headers = { 'content-type': 'application/octet-stream', 'idempotency-key': crypto.randomUUID() }
  const response = await fetch(url, { method, headers, body: file, credentials: 'same-origin' }).catch(() => {
    throw unreachable()
  })
  const text = await response.text()
  if (!response.ok) throw parseProblem(response.status, text)
  return JSON.parse(text)
}
