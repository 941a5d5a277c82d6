import type { Role } from '../../domain/permissions.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import {
  findInvitation,
  type Invitation,
  insertInvitation,
  recordInvitationRevoked,
  revokeInvitationsOf,
} from '../../store/access/invitations.ts'
import { findMemberByEmail } from '../../store/access/members.ts'
import type { Db } from '../../store/db.ts'
import { type AuditActor, recordAudit } from './audit.ts'
import { makeInvitationToken, toInvitationLink } from './invitation-link.ts'
import { hashSecret } from './secret-hash.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; publicUrl: string }
export type InviteInput = { organizationId: string; email: string; role: Role; actor: AuditActor }

const validForMs = 7 * 24 * 3600 * 1000

/** The link is answered once and kept nowhere. A second invitation of an address replaces the first. Throws `conflict` for a member. */
export async function inviteMember(deps: Deps, input: InviteInput): Promise<{ invitation: Invitation; link: string }> {
  return deps.db.transaction().execute((tx) => invite(deps, tx, input))
}

/** The same inside a transaction of the caller. */
export async function invite(deps: Omit<Deps, 'db'>, tx: Db, input: InviteInput) {
  const { organizationId, email, role, actor } = input
  if ((await findMemberByEmail(tx, organizationId, email)) !== undefined)
    throw new AppError('conflict', `${email} is a member already.`)
  const at = deps.clock()
  const key = { organizationId, id: deps.newId() }
  const token = makeInvitationToken(key)
  await revokeInvitationsOf(tx, organizationId, { email, at })
  await insertInvitation(tx, {
    ...key,
    email,
    role,
    tokenHash: hashSecret(token),
    invitedBy: actor.kind === 'member' ? actor.memberId : null,
    expiresAt: new Date(at.getTime() + validForMs),
    at,
  })
  const target = { kind: 'invitation', id: key.id }
  await recordAudit(deps, tx, { organizationId, actor, action: 'invitation.created', target, after: { email, role } })
  const invitation = await findInvitation(tx, key)
  if (invitation === undefined) throw new Error('An invitation just written is not there.')
  return { invitation, link: toInvitationLink(deps.publicUrl, token) }
}

export type RevokeInput = { organizationId: string; invitationId: string; actor: AuditActor }

/** Throws `not_found` when no open invitation has this id. */
export async function revokeInvitation(deps: Omit<Deps, 'publicUrl'>, input: RevokeInput): Promise<void> {
  await deps.db.transaction().execute((tx) => revoke(deps, tx, input))
}

async function revoke(deps: { clock: Clock; newId: NewId }, tx: Db, input: RevokeInput): Promise<void> {
  const key = { organizationId: input.organizationId, id: input.invitationId }
  if (!(await recordInvitationRevoked(tx, key, deps.clock())))
    throw new AppError('not_found', 'There is no open invitation with this id.')
  const target = { kind: 'invitation', id: key.id }
  const { organizationId, actor } = input
  await recordAudit(deps, tx, { organizationId, actor, action: 'invitation.revoked', target })
}
