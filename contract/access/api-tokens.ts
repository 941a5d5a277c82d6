import * as z from 'zod'
import { tokenScopes } from '../../src/domain/permissions.ts'
import { id, idParams, name, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const tokenScope = z.enum(tokenScopes)

export const apiToken = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(tokenScope),
  expires_at: timestamp,
  last_used_at: timestamp.nullable(),
  created_at: timestamp,
})

export type ApiToken = z.infer<typeof apiToken>

export const listApiTokens = defineRoute({
  id: 'listApiTokens',
  method: 'GET',
  path: '/api/v1/api-tokens',
  summary: 'Own API tokens that are not revoked',
  tag: 'Access',
  access: 'session',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(apiToken),
})

export const createApiToken = defineRoute({
  id: 'createApiToken',
  method: 'POST',
  path: '/api/v1/api-tokens',
  summary: 'Make an API token; its text is in this answer and nowhere else, ever',
  tag: 'Access',
  access: 'session',
  status: 201,
  body: z.strictObject({ name, scopes: z.array(tokenScope).min(1), expires_in_days: z.number().int().min(1).max(366) }),
  response: z.object({ api_token: apiToken, token: z.string() }),
})

export const revokeApiToken = defineRoute({
  id: 'revokeApiToken',
  method: 'DELETE',
  path: '/api/v1/api-tokens/:id',
  summary: 'Revoke an own API token (administrators: any)',
  tag: 'Access',
  access: 'session',
  status: 204,
  params: idParams,
})
