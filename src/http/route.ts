import type { FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import type { AnyRoute, RouteDefinition } from '../../contract/route.ts'
import type { Principal } from './principal.ts'

type Schema = z.ZodType | undefined
type Parsed<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined
type Answer<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined | void

export type RouteInput<P extends Schema, Q extends Schema, B extends Schema> = {
  params: Parsed<P>
  query: Parsed<Q>
  body: Parsed<B>
  request: FastifyRequest
  reply: FastifyReply
}

/** A route of the contract with what answers it. */
export type BoundRoute = {
  definition: AnyRoute
  answer: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  /** The body is handed on as it streams in, of any content type. */
  isStreamed: boolean
  /** Requests an address may make in a minute, where it is fewer than everywhere else. */
  perMinute?: number
}

type Options = { isStreamed?: boolean; perMinute?: number }

/** Joins a route of the contract with its answer; what the answer gets and gives is typed by the schemas. */
export function bind<P extends Schema, Q extends Schema, B extends Schema, R extends Schema>(
  definition: RouteDefinition<P, Q, B, R>,
  handler: (input: RouteInput<P, Q, B> & { principal: Principal }) => Promise<Answer<R>>,
  options: Options = {},
): BoundRoute {
  if (definition.access === 'public') throw new Error(`${definition.id} is public: nobody is logged in.`)
  return {
    definition,
    answer: async (request, reply) => {
      const { principal } = request
      if (principal === null) throw new Error(`${definition.id} was reached without its access check.`)
      return handler({ ...parseInput<P, Q, B>(request), request, reply, principal })
    },
    isStreamed: options.isStreamed ?? false,
    ...(options.perMinute !== undefined && { perMinute: options.perMinute }),
  }
}

/** The same for a route anybody may call. */
export function bindPublic<P extends Schema, Q extends Schema, B extends Schema, R extends Schema>(
  definition: RouteDefinition<P, Q, B, R>,
  handler: (input: RouteInput<P, Q, B>) => Promise<Answer<R>>,
  options: Options = {},
): BoundRoute {
  if (definition.access !== 'public') throw new Error(`${definition.id} is not public.`)
  return {
    definition,
    answer: async (request, reply) => handler({ ...parseInput<P, Q, B>(request), request, reply }),
    isStreamed: options.isStreamed ?? false,
    ...(options.perMinute !== undefined && { perMinute: options.perMinute }),
  }
}

function parseInput<P extends Schema, Q extends Schema, B extends Schema>(request: FastifyRequest) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the framework has replaced each part by what the route's own schema made of it
  return { params: request.params as Parsed<P>, query: request.query as Parsed<Q>, body: request.body as Parsed<B> }
}
