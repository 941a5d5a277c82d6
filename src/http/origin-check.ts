import type { IncomingHttpHeaders } from 'node:http'

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export type OriginRequest = { method: string; headers: IncomingHttpHeaders; publicOrigin: string }
export type OriginVerdict = 'same' | 'foreign' | 'unknown'

/**
 * Where a write comes from, by the headers a page cannot set: Sec-Fetch-Site first, else Origin against our public
 * address and against the host asked. `unknown` when the caller sent neither, which no browser of today does.
 */
export function judgeOrigin({ method, headers, publicOrigin }: OriginRequest): OriginVerdict {
  if (safeMethods.has(method)) return 'same'
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' ? 'same' : 'foreign'
  const { origin } = headers
  if (origin === undefined) return 'unknown'
  if (origin === publicOrigin) return 'same'
  if (!URL.canParse(origin)) return 'foreign'
  return headers.host !== undefined && new URL(origin).host === headers.host ? 'same' : 'foreign'
}
