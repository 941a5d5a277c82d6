import type { Role } from '../../domain/permissions.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { hashPassword, verifyPassword } from '../../lib/password-hash.ts'
import {
  findInvitation,
  type Invitation,
  lockInvitation,
  recordInvitationAccepted,
} from '../../store/access/invitations.ts'
import { insertMember } from '../../store/access/members.ts'
import { findOrganization } from '../../store/access/organizations.ts'
import { findPasswordHash, findUserByEmail, insertMembership, insertUser } from '../../store/access/users.ts'
import type { Db } from '../../store/db.ts'
import { recordAudit } from './audit.ts'
import { requireGoodPassword } from './complete-setup.ts'
import { type InvitationKey, parseInvitationToken } from './invitation-link.ts'
import { isSecretOf } from './secret-hash.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
export type SeenInvitation = { organizationName: string; email: string; role: Role; hasAccount: boolean }

/** What a link is for. Throws `invite_invalid`. */
export async function lookUpInvitation(deps: { db: Db; clock: Clock }, token: string): Promise<SeenInvitation> {
  const key = requireKey(token)
  const invitation = requireOpen(await findInvitation(deps.db, key), token, deps.clock())
  const organization = await findOrganization(deps.db, key.organizationId)
  const user = await findUserByEmail(deps.db, invitation.email)
  const { email, role } = invitation
  return { organizationName: organization?.name ?? '', email, role, hasAccount: user !== undefined }
}

export type AcceptInput = { token: string; name?: string | undefined; password: string; ipAddress: string | null }
export type Accepted = { organizationId: string; memberId: string; email: string }

/**
 * Makes the invited person a member. An address that has an account proves itself by its password; a new one chooses
 * name and password. Throws `invite_invalid`, `unauthenticated`, `validation_failed`, or `conflict` when somebody was faster.
 */
export async function acceptInvitation(deps: Deps, input: AcceptInput): Promise<Accepted> {
  const key = requireKey(input.token)
  const invitation = requireOpen(await findInvitation(deps.db, key), input.token, deps.clock())
  const user = await findUserByEmail(deps.db, invitation.email)
  const person = user === undefined ? await prepareUser(input, invitation) : await proveUser(deps.db, user, input)
  return deps.db.transaction().execute((tx) => accept(deps, tx, { key, input, person }))
}

type Person = { name: string } & ({ kind: 'new'; passwordHash: string } | { kind: 'known'; userId: string })

async function prepareUser(input: AcceptInput, invitation: Invitation): Promise<Person> {
  if (input.name === undefined)
    throw new AppError('validation_failed', 'name: is needed for a new account.', {
      meta: { fields: { name: ['is needed for a new account'] } },
    })
  requireGoodPassword(input.password, invitation.email)
  return { kind: 'new', name: input.name, passwordHash: await hashPassword(input.password) }
}

async function proveUser(db: Db, user: { id: string; name: string }, input: AcceptInput): Promise<Person> {
  const hash = await findPasswordHash(db, user.id)
  if (hash === undefined || !(await verifyPassword({ hash, password: input.password })))
    throw new AppError('unauthenticated', 'This address has an account already, and the password is not its own.')
  return { kind: 'known', name: user.name, userId: user.id }
}

type Acceptance = { key: InvitationKey; input: AcceptInput; person: Person }

async function accept(deps: Deps, tx: Db, { key, input, person }: Acceptance): Promise<Accepted> {
  const at = deps.clock()
  const { email, role } = requireOpen(await lockInvitation(tx, key), input.token, at)
  const { organizationId } = key
  const [memberId, freshId] = [deps.newId(), deps.newId()]
  const userId = person.kind === 'known' ? person.userId : freshId
  const { name } = person
  if (person.kind === 'new') {
    const user = { id: userId, name, email, passwordHash: person.passwordHash, at, accountId: deps.newId() }
    // By another invitation of the same address, accepted in the same moment.
    if (!(await insertUser(tx, user)))
      throw new AppError('conflict', `${email} has an account by now. Accept again, with the password of that account.`)
  }
  await insertMembership(tx, userId, organizationId)
  if (!(await insertMember(tx, { organizationId, id: memberId, userId, name, email, role, at })))
    throw new AppError('conflict', `${email} is a member already. Log in instead.`)
  await recordInvitationAccepted(tx, key, at)
  await recordAudit(deps, tx, {
    organizationId,
    actor: { kind: 'member', memberId, name, tokenId: null, ipAddress: input.ipAddress },
    action: 'invitation.accepted',
    target: { kind: 'invitation', id: key.id },
    after: { email, role },
  })
  return { organizationId, memberId, email }
}

function requireKey(token: string): InvitationKey {
  const key = parseInvitationToken(token)
  if (key === undefined) throw invalid('This is not a whole invitation link. Copy it again from where you got it.')
  return key
}

/** The same sentence for a link that never was and for one of somebody else. */
function requireOpen(invitation: Invitation | undefined, token: string, now: Date): Invitation {
  if (invitation === undefined || !isSecretOf(invitation.tokenHash, token))
    throw invalid('This invitation does not exist. Ask an administrator for a new link.')
  if (invitation.acceptedAt !== null) throw invalid('This invitation was used already. Log in instead.')
  if (invitation.revokedAt !== null)
    throw invalid('This invitation was taken back. Ask an administrator for a new link.')
  if (invitation.expiresAt <= now) throw invalid('This invitation has expired. Ask an administrator for a new link.')
  return invitation
}

function invalid(detail: string): AppError {
  return new AppError('invite_invalid', detail)
}
