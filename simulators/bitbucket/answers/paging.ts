import type { Json, JsonObject } from '../../shared/json.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'

interface PageRequest {
  sim: Sim
  /** Path below /2.0, still encoded. */
  path: string
  query: URLSearchParams
  /** What `path` is below, when that is not the API. */
  origin?: string
}

export interface PageSize {
  usual: number
  most: number
  /** Recorded to refuse larger pages. */
  strict?: true
}

export const usualPage: PageSize = { usual: 10, most: 100 }
export const pullRequestPage: PageSize = { usual: 10, most: 50, strict: true }
export const activityPage: PageSize = { usual: 20, most: 50, strict: true }
export const commitPage: PageSize = { usual: 30, most: 100 }
export const diffstatPage: PageSize = { usual: 500, most: 5000 }
export const permissionPage: PageSize = { usual: 50, most: 100 }
export const hookEventPage: PageSize = { usual: 30, most: 100 }

export function readPagelen(request: PageRequest, size: PageSize): number {
  const text = request.query.get('pagelen')
  if (text === null || text === '') return size.usual
  const wanted = Number(text)
  if (!Number.isInteger(wanted) || wanted < 1) throw badRequest('Invalid pagelen')
  const { strictPagelen } = request.sim.switches
  const isStrict = strictPagelen === 'pull_requests' ? size.strict === true : strictPagelen
  if (wanted > size.most && isStrict) throw badRequest('Invalid pagelen')
  return Math.min(wanted, size.most)
}

/** Absolute, with all the parameters of the request but the page. */
function pageUrl(request: PageRequest, page: string): string {
  const query = new URLSearchParams(request.query)
  query.delete('page')
  query.append('page', page)
  return `${request.origin ?? request.sim.urls.api}${request.path}?${query.toString()}`
}

/** The page-numbered family: `values, pagelen, size, page, next?, previous?`. */
export function numberedPage<Item>(
  request: PageRequest,
  all: readonly Item[],
  { size = usualPage, render }: { size?: PageSize; render: (item: Item) => Json },
): JsonObject {
  const pagelen = readPagelen(request, size)
  const page = Number(request.query.get('page') ?? '1')
  if (!Number.isInteger(page) || page < 1) throw badRequest('Invalid page')
  const start = (page - 1) * pagelen
  if (page > 1 && start >= all.length && request.sim.switches.pageBeyondEnd === '404') throw notFound('Invalid page')
  const answer: JsonObject = { values: all.slice(start, start + pagelen).map(render), pagelen, size: all.length, page }
  if (start + pagelen < all.length) answer['next'] = pageUrl(request, String(page + 1))
  if (page > 1) answer['previous'] = pageUrl(request, String(page - 1))
  return answer
}

/** An opaque cursor: what it says is nobody's business but ours. */
export function readCursor(request: PageRequest): number {
  const text = request.query.get('page')
  if (text === null || text === '' || text === '1') return 0
  const match = /^c([0-9a-z]+)$/.exec(Buffer.from(text, 'base64url').toString('utf8'))
  if (match === null) throw badRequest('Invalid page')
  return Number.parseInt(match[1] ?? '', 36)
}

/** The cursor family: no size, page or previous. `values` may hold one more than a page: then there is a next one. */
export function cursorPage(
  request: PageRequest,
  input: { values: Json[]; pagelen: number; offset: number },
): JsonObject {
  const answer: JsonObject = { values: input.values.slice(0, input.pagelen), pagelen: input.pagelen }
  if (input.values.length > input.pagelen) {
    const cursor = Buffer.from(`c${(input.offset + input.pagelen).toString(36)}`).toString('base64url')
    answer['next'] = pageUrl(request, cursor)
  }
  return answer
}
