import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../lib/app-error.ts'
import type { LiveHub } from './live-hub.ts'
import type { Principal } from './principal.ts'

type Stream = {
  hub: LiveHub
  principal: Principal
  request: FastifyRequest
  reply: FastifyReply
  /** Asked again at every heartbeat and whenever access changed. */
  isStillAllowed: () => Promise<boolean>
  heartbeatMs?: number
}

const defaultHeartbeatMs = 15_000
/** A reader so slow that this much waits for it is sent away; it comes back and fetches anew. */
const longestBacklogBytes = 256 * 1024

/** Holds the answer open as text/event-stream until the reader leaves, may no longer read, or the process stops. */
export function openEventStream(stream: Stream): void {
  const { hub, principal, request, reply } = stream
  const { raw } = reply
  void reply.hijack()
  raw.writeHead(200, {
    ...definedHeaders(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 1000\n: connected\n\n')
  const end = (): void => void raw.end()
  const write = (text: string): void => {
    if (raw.writableLength > longestBacklogBytes) raw.destroy()
    else raw.write(text)
  }
  const recheck = async (): Promise<void> => {
    try {
      if (!(await stream.isStillAllowed())) end()
    } catch (error) {
      request.log.warn({ err: error }, 'an open event stream could not be checked again')
      end()
    }
  }
  const leave = hub.subscribe(principal.organizationId, {
    onEvent: (event) => write(`data: ${JSON.stringify(event)}\n\n`),
    onAccessChange: () => void recheck(),
    onEnd: end,
  })
  const heartbeat = setInterval(() => {
    write(': beat\n\n')
    void recheck()
  }, stream.heartbeatMs ?? defaultHeartbeatMs)
  raw.once('close', () => {
    clearInterval(heartbeat)
    leave()
  })
}

function definedHeaders(reply: FastifyReply): Record<string, string | number | string[]> {
  const headers: Record<string, string | number | string[]> = {}
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) headers[name] = value
  return headers
}

/** Keeps one member from holding more than `most` streams open in this process. */
export function createStreamLimit(most: number): (memberId: string) => () => void {
  const open = new Map<string, number>()
  return (memberId) => {
    const count = open.get(memberId) ?? 0
    if (count >= most)
      throw new AppError('rate_limited', `This login holds ${most} live streams already. Close some pages.`)
    open.set(memberId, count + 1)
    return () => {
      const left = (open.get(memberId) ?? 1) - 1
      if (left <= 0) open.delete(memberId)
      else open.set(memberId, left)
    }
  }
}
