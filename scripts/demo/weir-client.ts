import type * as z from 'zod'
import type { RouteDefinition } from '../../contract/route.ts'

type Schema = z.ZodType
type Input<S> = S extends Schema ? z.input<S> : undefined
type Output<S> = S extends Schema ? z.output<S> : undefined

export type WeirClient = ReturnType<typeof createWeirClient>

/** A member of Weir, or a machine with an API token, speaking the public API. */
export function createWeirClient({ baseUrl, apiToken }: { baseUrl: string; apiToken?: string }) {
  const cookies = new Map<string, string>()

  function headers(): Record<string, string> {
    const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ')
    return {
      origin: baseUrl,
      ...(apiToken === undefined ? {} : { authorization: `Bearer ${apiToken}` }),
      ...(cookie === '' ? {} : { cookie }),
    }
  }

  async function send(method: string, url: URL, body: string | undefined, contentType: string): Promise<unknown> {
    const response = await fetch(url, {
      method,
      headers: { ...headers(), ...(body === undefined ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { body }),
    })
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(';', 1)[0] ?? ''
      const at = pair.indexOf('=')
      cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${url.pathname} answered ${response.status}: ${text.slice(0, 500)}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  function urlOf(path: string, params: unknown, query: unknown): URL {
    let filled = path
    for (const [key, value] of Object.entries(params ?? {}))
      filled = filled.replace(`:${key}`, encodeURIComponent(String(value)))
    const url = new URL(filled, baseUrl)
    for (const [key, value] of Object.entries(query ?? {})) {
      for (const item of Array.isArray(value) ? value : [value])
        if (item !== undefined) url.searchParams.append(key, String(item))
    }
    return url
  }

  return {
    baseUrl,
    headers,
    /** One call of the API; throws with the server's own words when it is refused. */
    async call<
      P extends Schema | undefined,
      Q extends Schema | undefined,
      B extends Schema | undefined,
      R extends Schema | undefined,
    >(
      route: RouteDefinition<P, Q, B, R>,
      given: { params?: Input<P>; query?: Input<Q>; body?: Input<B> } = {},
    ): Promise<Output<R>> {
      const url = urlOf(route.path, given.params, given.query)
      const body = given.body === undefined ? undefined : JSON.stringify(given.body)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer is what the route's own schema promises
      return (await send(route.method, url, body, 'application/json')) as Output<R>
    },
    /** Streams a report to `POST /api/v1/imports`. */
    upload(path: string, query: Record<string, string>, report: string): Promise<unknown> {
      return send('POST', urlOf(path, {}, query), report, 'application/octet-stream')
    },
  }
}
