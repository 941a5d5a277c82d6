import { existsSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import sirv from 'sirv'
import { AppError } from '../lib/app-error.ts'

/** Paths that are never a page, so that a mistake there is told as what it is. */
const reserved = /^\/(api|hooks|health|metrics|static)(\/|$)/
const yearSeconds = 31_536_000

/** Answers what no route answered: a file of the built page, or the page itself for any of its own addresses. */
export function createWebApp(folder: string): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const indexPath = join(folder, 'index.html')
  // sirv lists the folder once and serves nothing outside that list: `..` in any spelling finds nothing.
  const files = existsSync(folder) ? sirv(folder, { etag: true, gzip: true, brotli: true, setHeaders }) : undefined
  const index = existsSync(indexPath) ? readFileSync(indexPath) : undefined
  return async (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    if (request.method !== 'GET' && request.method !== 'HEAD') throw missing(request)
    const isFile = files !== undefined && path !== '/' && /\.[a-z0-9]+$/i.test(path) && !/^\/(api|hooks)\//.test(path)
    if (isFile && (await serveFile(files, request, reply))) return reply
    if (reserved.test(path) || !acceptsPage(request)) throw missing(request)
    if (index === undefined)
      throw new AppError('unavailable', 'The page is not built yet. Run "npm run build" and start Weir again.')
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(index)
  }
}

function acceptsPage(request: FastifyRequest): boolean {
  const { accept } = request.headers
  return accept === undefined || /text\/html|\*\/\*/.test(accept)
}

function missing(request: FastifyRequest): AppError {
  return new AppError('route_missing', `Nothing answers ${request.method} at this address.`)
}

function setHeaders(response: ServerResponse, path: string): void {
  const isHashed = path.startsWith('/static/')
  response.setHeader('cache-control', isHashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache')
}

/** False when there is no such file; the answer is then still open. */
async function serveFile(
  files: ReturnType<typeof sirv>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  return new Promise((resolve) => {
    reply.raw.once('close', () => resolve(true))
    reply.raw.once('finish', () => resolve(true))
    // A new build may have taken the file away since the start; unheard, that error would end the process.
    reply.raw.once('pipe', (source) => source.once('error', () => reply.raw.destroy()))
    files(request.raw, reply.raw, () => resolve(false))
  }).then((isServed) => {
    if (isServed === true) void reply.hijack()
    return isServed === true
  })
}
