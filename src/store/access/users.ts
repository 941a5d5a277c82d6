import type { Db } from '../db.ts'

export type NewUser = { id: string; name: string; email: string; passwordHash: string; at: Date; accountId: string }

/**
 * A user with a password, in the rows the account library reads. E-mail is kept in lower case. Answers false, and writes
 * nothing, when the address has an account.
 */
export async function insertUser(tx: Db, user: NewUser): Promise<boolean> {
  const times = { created_at: user.at, updated_at: user.at }
  const written = await tx
    .insertInto('auth_user')
    .values({ id: user.id, name: user.name, email: user.email.toLowerCase(), email_verified: true, ...times })
    .onConflict((row) => row.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (written === undefined) return false
  await tx
    .insertInto('auth_account')
    .values({
      id: user.accountId,
      user_id: user.id,
      account_id: user.id,
      provider_id: 'credential',
      password: user.passwordHash,
      ...times,
    })
    .execute()
  return true
}

export async function findUserByEmail(db: Db, email: string): Promise<{ id: string; name: string } | undefined> {
  return db.selectFrom('auth_user').select(['id', 'name']).where('email', '=', email.toLowerCase()).executeTakeFirst()
}

export async function findPasswordHash(db: Db, userId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('auth_account')
    .select('password')
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  return row?.password ?? undefined
}

export async function updatePasswordHash(tx: Db, userId: string, change: { hash: string; at: Date }): Promise<void> {
  await tx
    .updateTable('auth_account')
    .set({ password: change.hash, updated_at: change.at })
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .execute()
}

export async function insertMembership(tx: Db, userId: string, organizationId: string): Promise<void> {
  await tx
    .insertInto('auth_membership')
    .values({ user_id: userId, organization_id: organizationId })
    .onConflict((row) => row.doNothing())
    .execute()
}

export async function listMemberships(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('auth_membership')
    .select('organization_id')
    .where('user_id', '=', userId)
    .orderBy('organization_id')
    .execute()
  return rows.map((row) => row.organization_id)
}
