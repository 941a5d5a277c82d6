import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { hashPassword, verifyPassword } from '../../lib/password-hash.ts'
import { announceAccessChange } from '../../store/access/access-changes.ts'
import { deleteSessionsOfUser } from '../../store/access/sessions.ts'
import { findPasswordHash, findUserByEmail, listMemberships, updatePasswordHash } from '../../store/access/users.ts'
import type { Db } from '../../store/db.ts'
import { type AuditActor, recordAudit } from './audit.ts'
import { requireGoodPassword } from './complete-setup.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
export type ChangePasswordInput = {
  organizationId: string
  userId: string
  sessionId: string | null
  email: string
  currentPassword: string
  newPassword: string
  actor: AuditActor
}

/** Every other session of the user ends with it. Throws `forbidden` for a wrong present password, or `validation_failed`. */
export async function changePassword(deps: Deps, input: ChangePasswordInput): Promise<void> {
  const hash = await findPasswordHash(deps.db, input.userId)
  if (hash === undefined || !(await verifyPassword({ hash, password: input.currentPassword })))
    throw new AppError('forbidden', 'The present password is wrong.', {
      meta: { fields: { current_password: ['is wrong'] } },
    })
  requireGoodPassword(input.newPassword, input.email, 'new_password')
  const { userId, sessionId, actor } = input
  const change = { userId, keptSessionId: sessionId, hash: await hashPassword(input.newPassword), actor }
  await deps.db.transaction().execute((tx) => writePassword(deps, tx, change))
}

export type ResetPasswordInput = { email: string; newPassword: string }

/** For the command line: the way back in when nobody can help. Ends all sessions of the user. Throws `not_found` or `validation_failed`. */
export async function resetPassword(deps: Deps, input: ResetPasswordInput): Promise<void> {
  const user = await findUserByEmail(deps.db, input.email)
  if (user === undefined) throw new AppError('not_found', `Nobody has the address ${input.email}.`)
  requireGoodPassword(input.newPassword, input.email)
  const hash = await hashPassword(input.newPassword)
  const actor = { kind: 'cli', name: 'command line' } as const
  const change = { userId: user.id, keptSessionId: null, hash, actor }
  await deps.db.transaction().execute((tx) => writePassword(deps, tx, change))
}

type Change = { userId: string; keptSessionId: string | null; hash: string; actor: AuditActor }

async function writePassword(deps: Deps, tx: Db, { userId, keptSessionId, hash, actor }: Change): Promise<void> {
  await updatePasswordHash(tx, userId, { hash, at: deps.clock() })
  await deleteSessionsOfUser(tx, userId, keptSessionId)
  const action = actor.kind === 'member' ? 'user.password_changed' : 'user.password_reset'
  for (const organizationId of await listMemberships(tx, userId)) {
    await recordAudit(deps, tx, { organizationId, actor, action, target: { kind: 'user', id: userId } })
    await announceAccessChange(tx, organizationId)
  }
}
