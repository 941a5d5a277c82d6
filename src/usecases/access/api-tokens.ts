import type { TokenScope } from '../../domain/permissions.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { announceAccessChange } from '../../store/access/access-changes.ts'
import { type ApiToken, insertApiToken, recordApiTokenRevoked } from '../../store/access/api-tokens.ts'
import type { Db } from '../../store/db.ts'
import { makeApiTokenText, prefixOf } from './api-token-text.ts'
import { type AuditActor, recordAudit } from './audit.ts'
import { hashSecret } from './secret-hash.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type MemberActor = Extract<AuditActor, { kind: 'member' }>

const dayMs = 24 * 3600 * 1000

export type CreateTokenInput = {
  organizationId: string
  actor: MemberActor
  name: string
  scopes: readonly TokenScope[]
  expiresInDays: number
}

/** `token` is answered here and kept nowhere: the database holds its SHA-256. */
export async function createApiToken(
  deps: Deps,
  input: CreateTokenInput,
): Promise<{ apiToken: ApiToken; token: string }> {
  const { organizationId, actor, name } = input
  const at = deps.clock()
  const id = deps.newId()
  const token = makeApiTokenText({ organizationId, id })
  const expiresAt = new Date(at.getTime() + input.expiresInDays * dayMs)
  const scopes = [...new Set(input.scopes)]
  const apiToken = { id, memberId: actor.memberId, name, prefix: prefixOf(token), scopes, expiresAt, createdAt: at }
  await deps.db.transaction().execute(async (tx) => {
    await insertApiToken(tx, { ...apiToken, organizationId, tokenHash: hashSecret(token) })
    const target = { kind: 'api_token', id }
    await recordAudit(deps, tx, { organizationId, actor, action: 'api_token.created', target, after: { name, scopes } })
  })
  return { apiToken: { ...apiToken, lastUsedAt: null }, token }
}

export type RevokeTokenInput = { organizationId: string; actor: MemberActor; apiTokenId: string; isAdmin: boolean }

/** Throws `not_found` also for the token of another member, unless an administrator asks. */
export async function revokeApiToken(deps: Deps, input: RevokeTokenInput): Promise<void> {
  await deps.db.transaction().execute((tx) => revoke(deps, tx, input))
}

async function revoke(deps: Deps, tx: Db, { organizationId, actor, apiTokenId, isAdmin }: RevokeTokenInput) {
  const key = { organizationId, id: apiTokenId, memberId: isAdmin ? null : actor.memberId }
  const revoked = await recordApiTokenRevoked(tx, key, deps.clock())
  if (revoked === undefined) throw new AppError('not_found', 'There is no API token with this id.')
  const target = { kind: 'api_token', id: apiTokenId }
  const before = { name: revoked.name }
  await recordAudit(deps, tx, { organizationId, actor, action: 'api_token.revoked', target, before })
  await announceAccessChange(tx, organizationId)
}
