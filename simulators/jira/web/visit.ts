import type { Html } from '../../shared/html.ts'
import type { Person } from '../model.ts'
import type { Sim } from '../state.ts'

/** One request to a page. `person` is who is logged in. */
export interface Visit {
  sim: Sim
  person: Person | null
  params: Record<string, string>
  query: URLSearchParams
  form: URLSearchParams
  /** Path and query as asked for. */
  address: string
}

/** A visit by somebody who is logged in. */
export interface PersonVisit extends Visit {
  person: Person
}

export interface Page {
  title: string
  body: Html
  status?: number
}

export type Answer = { kind: 'page'; page: Page } | { kind: 'redirect'; to: string; cookie?: string }

export function show(page: Page): Answer {
  return { kind: 'page', page }
}

/** To a local address, or to the callback of an app. */
export function redirect(to: string, cookie?: string): Answer {
  return cookie === undefined ? { kind: 'redirect', to } : { kind: 'redirect', to, cookie }
}
