import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import { readAs } from './read-faults.ts'
import { addressOf, controlBodyOf } from './read-request.ts'

/** Why a call to the control interface is refused, in words for people. */
export class ControlProblem extends Error {}

export interface ControlCall {
  method: 'GET' | 'POST' | 'DELETE'
  /** Below `/__control`, which itself is ''. */
  path: string
  /** Answers what is sent as JSON. Throws ControlProblem, having changed nothing. */
  handle: (body: unknown) => unknown
}

/** Reads a body as a schema has it. Throws ControlProblem. */
export function readControl<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = readAs(schema, body)
  if ('problem' in read) throw new ControlProblem(read.problem)
  return read.value
}

async function refuse(reply: FastifyReply, status: number, problem: string): Promise<void> {
  await reply.code(status).send({ problem })
}

async function answer(call: ControlCall, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const body = call.method === 'POST' ? controlBodyOf(request) : {}
  if (body === undefined) return await refuse(reply, 400, 'the body is no JSON')
  try {
    await reply.send(await call.handle(body))
  } catch (error) {
    if (!(error instanceof ControlProblem)) throw error
    await refuse(reply, 400, error.message)
  }
}

/** Opens `/__control`, clearly not of the product: how tests and demonstrations steer it. Loopback use only. */
export function registerControlCalls(app: FastifyInstance, calls: readonly ControlCall[]): void {
  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    // Any page of the web can let a browser send a form to loopback.
    if (request.headers['sec-fetch-site'] === 'cross-site')
      return await refuse(reply, 403, 'pages of other sites may not steer a simulator')
    const path = addressOf(request).path.slice('/__control'.length).replace(/\/+$/, '')
    const here = calls.filter((one) => one.path === path)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const call = here.find((one) => one.method === method)
    if (call !== undefined) return await answer(call, request, reply)
    if (here.length === 0) {
      const known = [...new Set(calls.map((one) => `/__control${one.path}`))].join(', ')
      return await refuse(reply, 404, `there is no ${addressOf(request).path}, but ${known}`)
    }
    const allowed = here.map((one) => one.method).join(', ')
    void reply.header('allow', allowed)
    await refuse(reply, 405, `/__control${path} takes ${allowed}, not ${request.method}`)
  }
  for (const path of ['/__control', '/__control/*']) app.all(path, handle)
}
