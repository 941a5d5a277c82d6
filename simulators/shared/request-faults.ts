import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CommonAction, type Drawn, type RequestFault, takeRequestFault } from './fault-plan.ts'
import { delayRequest, type Outbox } from './outbox.ts'
import type { Wire } from './wire.ts'

/** What the faults need of a simulator. */
export interface FaultHost<Own extends { kind: string }> {
  /** As they are planned at this moment. */
  faults: () => RequestFault<CommonAction | Own>[]
  outbox: Outbox
  /** Carries out an action that is the product's own; an answer ends the request there. */
  strike: (action: Own, request: FastifyRequest) => Promise<Wire | undefined>
  /** An action of its own that waits until the request was carried out, and then takes the place of its answer. */
  strikeAfter?: (action: Own) => Wire | undefined
  /** Logs what became of a request that a fault struck; status 0: the caller got none. */
  log: (request: FastifyRequest, struck: { fault: string; status: number }) => void
}

const commonKinds = new Set(['delay', 'answer', 'cut', 'truncate'])

function isCommon(action: { kind: string }): action is CommonAction {
  return commonKinds.has(action.kind)
}

function toAnswer({ status, headers = {}, body = '' }: Extract<CommonAction, { kind: 'answer' }>): Wire {
  if (typeof body === 'string') return { status, headers, body }
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  const typed = isTyped ? headers : { 'content-type': 'application/json; charset=utf-8', ...headers }
  return { status, headers: typed, body: JSON.stringify(body) }
}

function cut(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.destroy()
}

/** Half of the bytes, then the end of the connection. */
function brokenOff(request: FastifyRequest, bytes: Buffer): Readable {
  async function* parts() {
    yield bytes.subarray(0, Math.floor(bytes.length / 2))
    // The half has to reach the wire first.
    await new Promise<void>((resolve) => setTimeout(resolve, 20))
    request.raw.socket.destroy()
  }
  return Readable.from(parts())
}

function bytesOf(payload: unknown): Buffer {
  if (Buffer.isBuffer(payload)) return payload
  return Buffer.from(typeof payload === 'string' ? payload : '')
}

/** Replaces the answer that is about to be sent. */
function replace(reply: FastifyReply, answer: Wire): string | Buffer {
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
  reply.code(answer.status).headers(answer.headers)
  return answer.body
}

/** Which word the log has for an action. */
function nameOf(action: { kind: string; when?: string }): string {
  return action.when === undefined ? action.kind : `${action.kind} ${action.when}`
}

interface Struck {
  request: FastifyRequest
  reply: FastifyReply
}

async function commonBefore(action: CommonAction, { reply }: Struck, outbox: Outbox) {
  switch (action.kind) {
    case 'delay':
      if (action.when !== 'after') await delayRequest(outbox, action.ms, reply.raw)
      return undefined
    case 'answer':
      return action.when === 'after' ? undefined : toAnswer(action)
    case 'cut':
      return action.when === 'before' ? ('cut' as const) : undefined
    case 'truncate':
      return undefined
    default:
      return action satisfies never
  }
}

/** What is sent instead of a payload; `cut`: nothing at all. */
async function commonAfter(
  action: CommonAction,
  struck: Struck & { payload: unknown },
  outbox: Outbox,
): Promise<unknown> {
  const { request, reply, payload } = struck
  if (action.kind === 'truncate') {
    const bytes = bytesOf(payload)
    return bytes.subarray(0, Math.floor(bytes.length / 2))
  }
  if (action.when === 'before') return payload
  switch (action.kind) {
    case 'delay':
      if (action.when === 'after') await delayRequest(outbox, action.ms, reply.raw)
      return payload
    case 'answer':
      return action.when === 'after' ? replace(reply, toAnswer(action)) : payload
    case 'cut': {
      const bytes = bytesOf(payload)
      // An answer without a body has no middle.
      if (action.when === 'after' || bytes.length === 0) {
        request.raw.socket.destroy()
        return payload
      }
      // The length of the whole is announced, so that what arrives is known to be too little.
      void reply.header('content-length', String(bytes.length))
      return brokenOff(request, bytes)
    }
    default:
      return action satisfies never
  }
}

function isCut(action: { kind: string }): boolean {
  return action.kind === 'cut'
}

/** Lets the planned faults strike every request of an application but those below `/__control`. */
export function registerRequestFaults<Own extends { kind: string }>(app: FastifyInstance, host: FaultHost<Own>): void {
  const struck = new WeakMap<FastifyRequest, { action: CommonAction | Own; isDone: boolean }>()
  const drawn: Drawn = new WeakMap()

  app.addHook('preHandler', async (request, reply) => {
    const [path = ''] = request.url.split('?')
    if (path.startsWith('/__control')) return
    const action = takeRequestFault(host.faults(), { method: request.method, path }, drawn)
    if (action === undefined) return
    const mine = { action, isDone: false }
    struck.set(request, mine)
    const early = isCommon(action)
      ? await commonBefore(action, { request, reply }, host.outbox)
      : await host.strike(action, request)
    if (early === undefined) return
    mine.isDone = true
    host.log(request, { fault: nameOf(action), status: early === 'cut' ? 0 : early.status })
    if (early === 'cut') cut(request, reply)
    else await reply.code(early.status).headers(early.headers).send(early.body)
    return reply
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const mine = struck.get(request)
    if (mine === undefined || mine.isDone) return payload
    mine.isDone = true
    const { action } = mine
    let sent: unknown = payload
    if (isCommon(action)) sent = await commonAfter(action, { request, reply, payload }, host.outbox)
    else {
      const answer = host.strikeAfter?.(action)
      if (answer !== undefined) sent = replace(reply, answer)
    }
    host.log(request, { fault: nameOf(action), status: isCut(action) ? 0 : reply.statusCode })
    return sent
  })
}
