import { isTokenScope, type Role, type TokenScope } from '../../domain/permissions.ts'
import type { Clock } from '../../lib/clock.ts'
import { findTokenHolder, recordApiTokenUsed } from '../../store/access/api-tokens.ts'
import { findMemberByUser } from '../../store/access/members.ts'
import type { Db } from '../../store/db.ts'
import type { Accounts } from './accounts.ts'
import { parseApiTokenText } from './api-token-text.ts'
import { isSecretOf } from './secret-hash.ts'

/** A member as the present request finds them: role and state are read afresh each time. */
export type Authenticated = {
  organizationId: string
  memberId: string
  userId: string
  name: string
  email: string
  role: Role
  scopes: readonly TokenScope[] | null
  tokenId: string | null
  sessionId: string | null
}

type Deps = { db: Db; clock: Clock; accounts: Accounts }

const usedEveryMs = 60_000

/** Undefined for a token that is unknown, revoked, expired or of a disabled member. */
export async function authenticateToken(deps: Deps, text: string): Promise<Authenticated | undefined> {
  const key = parseApiTokenText(text)
  if (key === undefined) return undefined
  const holder = await findTokenHolder(deps.db, key)
  const now = deps.clock()
  if (holder === undefined || !isSecretOf(holder.tokenHash, text) || holder.expiresAt <= now) return undefined
  // Once a minute is exact enough, and spares a write on each request.
  if (holder.lastUsedAt === null || now.getTime() - holder.lastUsedAt.getTime() > usedEveryMs)
    await recordApiTokenUsed(deps.db, key, now)
  const { memberId, userId, name, email, role } = holder
  const scopes = holder.scopes.filter(isTokenScope)
  return {
    organizationId: key.organizationId,
    memberId,
    userId,
    name,
    email,
    role,
    scopes,
    tokenId: key.id,
    sessionId: null,
  }
}

/** Undefined without a good session of an active member. `cookies` are Set-Cookie lines of a session that was prolonged. */
export async function authenticateSession(
  deps: Deps,
  cookie: string,
): Promise<{ principal: Authenticated; token: string; cookies: string[] } | undefined> {
  const session = await deps.accounts.readSession(cookie)
  if (session === undefined || session.organizationId === null) return undefined
  const { organizationId, userId, sessionId, token, cookies } = session
  const member = await findMemberByUser(deps.db, organizationId, userId)
  if (member === undefined || member.disabledAt !== null) return undefined
  const { id: memberId, name, email, role } = member
  const principal = { organizationId, memberId, userId, name, email, role, scopes: null, tokenId: null, sessionId }
  return { principal, token, cookies }
}
