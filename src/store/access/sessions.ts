import type { Db } from '../db.ts'

export async function recordActiveOrganization(db: Db, token: string, organizationId: string): Promise<void> {
  await db
    .updateTable('auth_session')
    .set({ active_organization_id: organizationId })
    .where('token', '=', token)
    .execute()
}

export async function deleteSessionByToken(db: Db, token: string): Promise<void> {
  await db.deleteFrom('auth_session').where('token', '=', token).execute()
}

export async function deleteSessionsOfUser(db: Db, userId: string, exceptId: string | null): Promise<void> {
  let query = db.deleteFrom('auth_session').where('user_id', '=', userId)
  if (exceptId !== null) query = query.where('id', '<>', exceptId)
  await query.execute()
}
