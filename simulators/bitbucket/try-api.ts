import { at, parseJson } from '../shared/json.ts'
import type { Simulator } from './simulator.ts'

/** An answer of the API, read for a test. */
export interface Reply {
  status: number
  headers: Headers
  text: string
  body: unknown
  /** The value at a path of keys. */
  at: (...path: string[]) => unknown
  /** The members of `values`. */
  values: unknown[]
}

export interface Ask {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
}

/** Calls the API with one Authorization header (undefined: anonymously). Redirects are not followed. */
export function asker(simulator: Simulator, authorization: string | undefined): Ask {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(path.startsWith('http') ? path : `${simulator.api}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed = parseJson(text)
    const values = at(parsed, 'values')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: parsed,
      at: (...path_) => at(parsed, ...path_),
      values: Array.isArray(values) ? values : [],
    }
  }
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** As one of the seeded people, with an API token that may do everything. */
export function askAs(simulator: Simulator, username: string): Ask {
  const user = simulator.users.find((one) => one.username === username)
  if (user === undefined) throw new Error(`nobody is called ${username}`)
  return asker(simulator, basic(user.email, user.api_token))
}
