import type { FastifyRequest } from 'fastify'
import { isObject, parseJson } from './json.ts'

/** The bytes of a body, for a server that leaves to its endpoints what they mean; none when nothing was sent. */
export function bodyOf({ body }: Pick<FastifyRequest, 'body'>): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

/** `:name` of a path, decoded. */
export function paramsOf({ params }: Pick<FastifyRequest, 'params'>): Record<string, string> {
  if (!isObject(params)) return {}
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}

/** A proxy's client names the whole address in its request line; every server has to take that for the path in it. */
export function withoutOrigin({ url = '/' }: { url?: string | undefined }): string {
  return url.replace(/^https?:\/\/[^/?#]*\/?/i, '/')
}

/** The path as sent, still encoded, and what is asked of it. */
export function addressOf({ url }: Pick<FastifyRequest, 'url'>): { path: string; query: URLSearchParams } {
  const [path = '', query = ''] = url.split(/\?(.*)/s)
  return { path, query: new URLSearchParams(query) }
}

/** The JSON of a call to a control interface: an empty object for no body, undefined for what is no JSON. */
export function controlBodyOf(request: Pick<FastifyRequest, 'body'>): unknown {
  const bytes = bodyOf(request)
  return bytes.length === 0 ? {} : parseJson(bytes.toString('utf8'))
}
