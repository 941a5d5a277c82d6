import type { Role } from '../../domain/permissions.ts'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'

export type Invitation = {
  id: string
  email: string
  role: Role
  tokenHash: string
  expiresAt: Date
  createdAt: Date
  acceptedAt: Date | null
  revokedAt: Date | null
}

const columns = [
  'id',
  'email',
  'role',
  'token_hash as tokenHash',
  'expires_at as expiresAt',
  'created_at as createdAt',
  'accepted_at as acceptedAt',
  'revoked_at as revokedAt',
] as const

export type NewInvitation = {
  organizationId: string
  id: string
  email: string
  role: Role
  tokenHash: string
  /** Null for one the command line made. */
  invitedBy: string | null
  expiresAt: Date
  at: Date
}

export async function insertInvitation(tx: Db, invitation: NewInvitation): Promise<void> {
  await tx
    .insertInto('invitation')
    .values({
      organization_id: invitation.organizationId,
      id: invitation.id,
      email: invitation.email.toLowerCase(),
      role: invitation.role,
      token_hash: invitation.tokenHash,
      invited_by: invitation.invitedBy,
      expires_at: invitation.expiresAt,
      created_at: invitation.at,
    })
    .execute()
}

type Key = { organizationId: string; id: string }

export async function findInvitation(db: Db, key: Key): Promise<Invitation | undefined> {
  return db
    .selectFrom('invitation')
    .select(columns)
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

/** Locked until the transaction ends: a link works once, also when it is opened twice at the same moment. */
export async function lockInvitation(tx: Db, key: Key): Promise<Invitation | undefined> {
  return tx
    .selectFrom('invitation')
    .select(columns)
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .forUpdate()
    .executeTakeFirst()
}

/** Those that can still be accepted, newest first. */
export async function listOpenInvitations(db: Db, organizationId: string, query: { page: PageRequest; now: Date }) {
  let select = db
    .selectFrom('invitation')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', query.now)
    .orderBy('id', 'desc')
    .limit(query.page.limit + 1)
  if (query.page.after !== null) select = select.where('id', '<', query.page.after)
  return select.execute()
}

export async function recordInvitationAccepted(tx: Db, key: Key, at: Date): Promise<void> {
  await tx
    .updateTable('invitation')
    .set({ accepted_at: at })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Answers whether there was an open one. */
export async function recordInvitationRevoked(tx: Db, key: Key, at: Date): Promise<boolean> {
  const result = await tx
    .updateTable('invitation')
    .set({ revoked_at: at })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** A second invitation of an address takes the place of the first. */
export async function revokeInvitationsOf(tx: Db, organizationId: string, of: { email: string; at: Date }) {
  await tx
    .updateTable('invitation')
    .set({ revoked_at: of.at })
    .where('organization_id', '=', organizationId)
    .where('email', '=', of.email.toLowerCase())
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute()
}
