import type { FormPart } from '../shared/form-body.ts'
import type { Json } from '../shared/json.ts'
import type { Principal } from './auth/authenticate.ts'
import type { Scope } from './auth/scopes.ts'
import { notAuthenticated } from './jira-error.ts'
import type { Person } from './model.ts'
import type { Sim } from './state.ts'

/** One request to the REST API, after authentication. */
export interface Call {
  sim: Sim
  principal: Principal
  /** Start of every address in the answer: the site, or the gateway's address of it. */
  base: string
  params: Record<string, string>
  query: URLSearchParams
  body: unknown
  /** The fields of a form, where the endpoint takes one; undefined when what was sent is none. */
  form: FormPart[] | undefined
}

export interface Answer {
  status?: number
  /** undefined: no content. */
  body?: Json
  /** In place of `body`. */
  file?: { contentType: string; bytes: Buffer }
  headers?: Record<string, string>
  /** Objects read, for the points of OAuth apps; 0 when not said. */
  objects?: number
}

export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the host, with `:name`. */
  path: string
  /** What an OAuth or scoped API token needs; null: not reachable with one. */
  scope: Scope | null
  /** Open to callers without credentials, who then see what nobody sees. */
  isOpen?: boolean
  /** A form with files, which needs `X-Atlassian-Token: no-check`. */
  takesForm?: boolean
  handle: (call: Call) => Answer
}

export function callerOf(call: Call): Person {
  if (call.principal.kind !== 'known') throw notAuthenticated()
  return call.principal.person
}

/** The caller, or null for nobody. */
export function viewerOf(call: Call): Person | null {
  return call.principal.kind === 'known' ? call.principal.person : null
}

export function api3(path: string): string {
  return `/rest/api/3${path}`
}
