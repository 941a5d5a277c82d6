import type { Role } from '../../domain/permissions.ts'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'

export type ApiToken = {
  id: string
  memberId: string
  name: string
  prefix: string
  scopes: string[]
  expiresAt: Date
  lastUsedAt: Date | null
  createdAt: Date
}

const columns = [
  'id',
  'member_id as memberId',
  'name',
  'prefix',
  'scopes',
  'expires_at as expiresAt',
  'last_used_at as lastUsedAt',
  'created_at as createdAt',
] as const

export type NewApiToken = Omit<ApiToken, 'lastUsedAt'> & { organizationId: string; tokenHash: string }

export async function insertApiToken(tx: Db, token: NewApiToken): Promise<void> {
  await tx
    .insertInto('api_token')
    .values({
      organization_id: token.organizationId,
      id: token.id,
      member_id: token.memberId,
      name: token.name,
      prefix: token.prefix,
      token_hash: token.tokenHash,
      scopes: token.scopes,
      expires_at: token.expiresAt,
      created_at: token.createdAt,
    })
    .execute()
}

/** Not revoked ones of a member, newest first; expired ones stay in the list. */
export async function listApiTokens(
  db: Db,
  key: { organizationId: string; memberId: string },
  page: PageRequest,
): Promise<ApiToken[]> {
  let query = db
    .selectFrom('api_token')
    .select(columns)
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.execute()
}

/** Answers the revoked token; undefined when there is none, or it belongs to another member than `memberId`. */
export async function recordApiTokenRevoked(
  tx: Db,
  key: { organizationId: string; id: string; memberId: string | null },
  at: Date,
): Promise<{ id: string; name: string } | undefined> {
  let query = tx
    .updateTable('api_token')
    .set({ revoked_at: at })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('revoked_at', 'is', null)
  if (key.memberId !== null) query = query.where('member_id', '=', key.memberId)
  return query.returning(['id', 'name']).executeTakeFirst()
}

export type TokenHolder = {
  tokenHash: string
  scopes: string[]
  expiresAt: Date
  lastUsedAt: Date | null
  memberId: string
  userId: string
  name: string
  email: string
  role: Role
}

/** The token with its member as it is now; undefined when it is revoked or the member is disabled. */
export async function findTokenHolder(
  db: Db,
  key: { organizationId: string; id: string },
): Promise<TokenHolder | undefined> {
  return db
    .selectFrom('api_token')
    .innerJoin('member', (join) =>
      join
        .onRef('member.organization_id', '=', 'api_token.organization_id')
        .onRef('member.id', '=', 'api_token.member_id'),
    )
    .select([
      'api_token.token_hash as tokenHash',
      'api_token.scopes',
      'api_token.expires_at as expiresAt',
      'api_token.last_used_at as lastUsedAt',
      'member.id as memberId',
      'member.user_id as userId',
      'member.name',
      'member.email',
      'member.role',
    ])
    .where('api_token.organization_id', '=', key.organizationId)
    .where('api_token.id', '=', key.id)
    .where('api_token.revoked_at', 'is', null)
    .where('member.disabled_at', 'is', null)
    .executeTakeFirst()
}

export async function recordApiTokenUsed(db: Db, key: { organizationId: string; id: string }, at: Date): Promise<void> {
  await db
    .updateTable('api_token')
    .set({ last_used_at: at })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}
