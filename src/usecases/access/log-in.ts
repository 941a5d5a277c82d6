import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { findMemberByUser } from '../../store/access/members.ts'
import { deleteSessionByToken, recordActiveOrganization } from '../../store/access/sessions.ts'
import { listMemberships } from '../../store/access/users.ts'
import type { Db } from '../../store/db.ts'
import type { Accounts } from './accounts.ts'
import { recordAudit } from './audit.ts'

type Deps = { db: Db; accounts: Accounts; clock: Clock; newId: NewId }
export type LogInInput = {
  email: string
  password: string
  ipAddress: string
  userAgent: string | undefined
  /** Preferred when the user is in several organizations. */
  organizationId?: string
  /** The session the browser had, which the new one replaces. */
  formerToken?: string | undefined
}
export type LoggedIn = { organizationId: string; memberId: string; cookies: string[] }

/** A new session. Throws `unauthenticated` for an unknown address, a wrong password and a disabled member alike. */
export async function logIn(deps: Deps, input: LogInInput): Promise<LoggedIn> {
  const done = await deps.accounts.logIn(input)
  if (done === undefined) throw refused()
  const member = await findActiveMember(deps.db, done.userId, input.organizationId)
  if (member === undefined) {
    await deleteSessionByToken(deps.db, done.token)
    throw refused()
  }
  const { organizationId, memberId, name } = member
  await recordActiveOrganization(deps.db, done.token, organizationId)
  if (input.formerToken !== undefined) await deleteSessionByToken(deps.db, input.formerToken)
  await recordAudit(deps, deps.db, {
    organizationId,
    actor: { kind: 'member', memberId, name, tokenId: null, ipAddress: input.ipAddress },
    action: 'session.started',
  })
  return { organizationId, memberId, cookies: done.cookies }
}

async function findActiveMember(db: Db, userId: string, preferredId: string | undefined) {
  const all = await listMemberships(db, userId)
  const ordered = all.toSorted((a, b) => Number(b === preferredId) - Number(a === preferredId))
  for (const organizationId of ordered) {
    const member = await findMemberByUser(db, organizationId, userId)
    if (member !== undefined && member.disabledAt === null)
      return { organizationId, memberId: member.id, name: member.name }
  }
  return undefined
}

function refused(): AppError {
  return new AppError('unauthenticated', 'The e-mail address or the password is wrong.')
}
