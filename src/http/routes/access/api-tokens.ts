import * as contract from '../../../../contract/access/api-tokens.ts'
import { isTokenScope } from '../../../domain/permissions.ts'
import { type ApiToken, listApiTokens } from '../../../store/access/api-tokens.ts'
import { parsePageRequest, toPage } from '../../../store/page.ts'
import { createApiToken, revokeApiToken } from '../../../usecases/access/api-tokens.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function apiTokenRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listApiTokens, async ({ query, principal }) => {
      const page = parsePageRequest(query)
      return toPage(await listApiTokens(context.db, principal, page), page.limit, toApiToken)
    }),
    bind(contract.createApiToken, async ({ body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      const { name, scopes, expires_in_days: expiresInDays } = body
      const made = await createApiToken(context, { organizationId, actor, name, scopes, expiresInDays })
      return { api_token: toApiToken(made.apiToken), token: made.token }
    }),
    bind(contract.revokeApiToken, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      const isAdmin = principal.role === 'admin'
      await revokeApiToken(context, { organizationId, actor, apiTokenId: params.id, isAdmin })
    }),
  ]
}

function toApiToken({ id, name, prefix, scopes, expiresAt, lastUsedAt, createdAt }: ApiToken) {
  return {
    id,
    name,
    prefix,
    scopes: scopes.filter(isTokenScope),
    expires_at: expiresAt.toISOString(),
    last_used_at: lastUsedAt?.toISOString() ?? null,
    created_at: createdAt.toISOString(),
  }
}
