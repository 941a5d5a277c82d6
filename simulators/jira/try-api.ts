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
}

export interface Ask {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
}

/** Calls below `/rest/api/3` of a base (or any absolute address) with one Authorization header; redirects are not followed. */
export function asker(base: string, authorization: string | undefined): Ask {
  return async (method, path, body, headers = {}) => {
    const address = path.startsWith('http')
      ? path
      : path.startsWith('/rest')
        ? base + path
        : `${base}/rest/api/3${path}`
    const response = await fetch(address, {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed = parseJson(text)
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: parsed,
      at: (...path_) => at(parsed, ...path_),
    }
  }
}

export function basic(email: string, token: string): string {
  return `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`
}

export function userOf(simulator: Simulator, name: string): Simulator['users'][number] {
  const user = simulator.users.find((one) => one.email.startsWith(`${name}@`))
  if (user === undefined) throw new Error(`nobody is called ${name}`)
  return user
}

/** As one of the seeded people (the name before the @), at the site, with their API token. */
export function askAs(simulator: Simulator, name: string): Ask {
  const user = userOf(simulator, name)
  return asker(simulator.site, basic(user.email, user.api_token))
}

/** A document of one paragraph. */
export function says(text: string): unknown {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }
}
