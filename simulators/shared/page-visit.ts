import type { Html } from './html.ts'

/** One request to a page. `person` is who is logged in. */
export interface PageVisit<Sim, Person> {
  sim: Sim
  person: Person | null
  params: Record<string, string>
  query: URLSearchParams
  form: URLSearchParams
  /** Path and query as asked for. */
  address: string
}

/** What every page has; a product adds its own. */
export interface BasicPage {
  title: string
  body: Html
  status?: number
}

export type PageAnswer<Page extends BasicPage> =
  | { kind: 'page'; page: Page }
  | { kind: 'redirect'; to: string; cookie?: string }

export function show<Page extends BasicPage>(page: Page): PageAnswer<Page> {
  return { kind: 'page', page }
}

/** To a local address, or to the callback of an OAuth client. */
export function redirect(to: string, cookie?: string): PageAnswer<never> {
  return cookie === undefined ? { kind: 'redirect', to } : { kind: 'redirect', to, cookie }
}
