import { parseProblem, unreachable } from './api-problem.ts'
import { leaveToLogin } from './leave-to-login.ts'
import { paths } from './paths.ts'
import type { RouteId, RouteInput, RouteResponse } from './route-types.ts'

type LooseInput = { params?: object; query?: object; body?: object }

function toLoose(input: object): LooseInput {
  const loose: LooseInput = {}
  if ('params' in input && typeof input.params === 'object' && input.params !== null) loose.params = input.params
  if ('query' in input && typeof input.query === 'object' && input.query !== null) loose.query = input.query
  if ('body' in input && typeof input.body === 'object' && input.body !== null) loose.body = input.body
  return loose
}

function toQueryString(query: object): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') parameters.append(key, String(item))
    }
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/** Method and address of one call: path parameters filled in, lists repeated, empty values left out. */
export function toRequest(id: RouteId, input: LooseInput): { method: string; url: string } {
  const [method = 'GET', path = ''] = paths[id].split(' ')
  const params = new Map(Object.entries(input.params ?? {}).map(([key, value]) => [key, String(value)]))
  const filled = path.replaceAll(/:(\w+)/g, (_match, name: string) => encodeURIComponent(params.get(name) ?? ''))
  return { method, url: filled + toQueryString(input.query ?? {}) }
}

/** Session calls answer 401 for a wrong password too: that belongs to the form, not to a way out. */
const loginRoutes: readonly RouteId[] = ['logIn', 'completeSetup', 'acceptInvitation', 'findInvitation', 'getSession']

async function send(request: { method: string; url: string }, body: object | undefined): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (request.method === 'POST') headers['idempotency-key'] = crypto.randomUUID()
  const init: RequestInit = { method: request.method, headers, credentials: 'same-origin' }
  if (body !== undefined) init.body = JSON.stringify(body)
  try {
    return await fetch(request.url, init)
  } catch {
    throw unreachable()
  }
}

/**
 * Calls one route of the contract. Throws `ApiProblem`. The answer is not parsed again: the server sends contract
 * fields only, from the same origin.
 */
export async function call<Id extends RouteId>(id: Id, input: RouteInput<Id>): Promise<RouteResponse<Id>> {
  const loose = toLoose(input)
  const response = await send(toRequest(id, loose), loose.body)
  if (!response.ok) {
    const problem = parseProblem(response.status, await response.text())
    if (response.status === 401 && !loginRoutes.includes(id)) leaveToLogin()
    throw problem
  }
  const text = await response.text()
  return text === '' ? JSON.parse('null') : JSON.parse(text)
}
