import type * as z from 'zod'
import type { Permission } from '../src/domain/permissions.ts'

/** Who may call: `public` (no login), `session` (any member, cookie only), or a permission (cookie or API token). */
export type RouteAccess = 'public' | 'session' | Permission

type Schema = z.ZodType
export type RouteDefinition<
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Response extends Schema | undefined,
> = {
  /** Unique, camelCase: the operationId of the OpenAPI document. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify style: `/api/v1/assets/:assetId`. */
  readonly path: string
  readonly summary: string
  readonly tag: string
  readonly access: RouteAccess
  /** Status of the success answer; 204 has no body. */
  readonly status: 200 | 201 | 202 | 204
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly response?: Response
}

export type AnyRoute = RouteDefinition<Schema | undefined, Schema | undefined, Schema | undefined, Schema | undefined>

/** Keeps the exact schema types of one route, so that server and page are typed from the same words. */
export function defineRoute<
  Params extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
  Response extends Schema | undefined = undefined,
>(route: RouteDefinition<Params, Query, Body, Response>): RouteDefinition<Params, Query, Body, Response> {
  return route
}
