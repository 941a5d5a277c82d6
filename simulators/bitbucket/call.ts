import type { FormPart } from '../shared/form-body.ts'
import type { Json } from '../shared/json.ts'
import { numberedPage, type PageSize, usualPage } from './answers/paging.ts'
import type { Principal } from './auth/authenticate.ts'
import { assertKnown, reachRepository, reachWorkspace } from './auth/permission.ts'
import type { Need } from './auth/scopes.ts'
import type { Permission, Person, Repository, Workspace, WorkspaceRole } from './model.ts'
import { type QueryableFields, type Readers, selectItems } from './query/select-items.ts'
import type { Sim } from './state.ts'

/** One request to the REST API, after authentication. */
export interface Call {
  sim: Sim
  principal: Principal
  params: Record<string, string>
  query: URLSearchParams
  body: unknown
  /** The body as a form, multipart or urlencoded; undefined when it is none. */
  form: () => FormPart[] | undefined
  /** Headers of the request, in lower case. */
  headers: Record<string, string | string[] | undefined>
  /** Path below /2.0 as sent, still encoded, without the query. */
  path: string
}

export interface Answer {
  status?: number
  body?: Json
  /** Instead of `body`: bytes with their own type. */
  raw?: { contentType: string; bytes: Buffer | string }
  headers?: Record<string, string>
  /** Paths shown only when `fields` asks for them. */
  hidden?: string[]
}

/** Without one it counts against the budget of its family. `source`: files read through the API. */
export type RateGroup = 'webhooks' | 'raw' | 'source'

export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below /2.0, with `:name` and a final `*`. */
  path: string
  /** undefined: open to everybody. */
  need?: Need
  /** Refused with 410 in 2026 mode. */
  goneWith?: string
  group?: RateGroup
  handle: (call: Call) => Answer | Promise<Answer>
}

/** The repository of the path, when the caller may do this to it. */
export function repositoryOf(call: Call, wanted: Permission = 'read'): Repository {
  const { workspace = '', slug = '' } = call.params
  return reachRepository(call.sim, call.principal, { workspace, slug, wanted })
}

/** The same for a write, with the person who writes. */
export function actingOn(call: Call, wanted: Permission = 'read'): { repository: Repository; actor: Person } {
  const repository = repositoryOf(call, wanted)
  assertKnown(call.sim, call.principal)
  return { repository, actor: call.principal.person }
}

export function workspaceOf(call: Call): { workspace: Workspace; role: WorkspaceRole } {
  return reachWorkspace(call.sim, call.principal, call.params['workspace'] ?? '')
}

/**
 * The caller's personal workspace, which their links name by their own UUID. Nobody here has anything in theirs, so what
 * is listed of it is empty.
 */
export function isPersonalWorkspace({ principal, params }: Call): boolean {
  return principal.kind === 'known' && params['workspace'] === principal.person.uuid
}

export function callerOf(call: Call): Person {
  assertKnown(call.sim, call.principal)
  return call.principal.person
}

interface Listing {
  /** What `q` and `sort` may name; left out where the remote has neither. */
  queryable?: QueryableFields
  size?: PageSize
  hidden?: string[]
}

/** A page of a collection: filtered, sorted, cut; what is not on the page is not rendered. */
export function listItems<Item>(call: Call, items: readonly Item[], how: Listing & Readers<Item>): Answer {
  const kept = how.queryable === undefined ? items : selectItems(items, call.query, how.queryable, how)
  return {
    body: numberedPage(call, kept, { size: how.size ?? usualPage, render: how.render }),
    hidden: (how.hidden ?? []).map((path) => `values.${path}`),
  }
}

/** The same of records that are rendered already. */
export function listing(call: Call, records: readonly Json[], how: Listing = {}): Answer {
  return listItems(call, records, { ...how, render: (record) => record })
}
