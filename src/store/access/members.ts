import type { Role } from '../../domain/permissions.ts'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'

export type Member = {
  id: string
  userId: string
  name: string
  email: string
  role: Role
  disabledAt: Date | null
  createdAt: Date
}

const columns = [
  'id',
  'user_id as userId',
  'name',
  'email',
  'role',
  'disabled_at as disabledAt',
  'created_at as createdAt',
] as const

export type NewMember = {
  organizationId: string
  id: string
  userId: string
  name: string
  email: string
  role: Role
  at: Date
}

/** Answers false, and writes nothing, when the user is a member already. */
export async function insertMember(tx: Db, member: NewMember): Promise<boolean> {
  const written = await tx
    .insertInto('member')
    .values({
      organization_id: member.organizationId,
      id: member.id,
      user_id: member.userId,
      name: member.name,
      email: member.email.toLowerCase(),
      role: member.role,
      created_at: member.at,
      updated_at: member.at,
    })
    .onConflict((row) => row.columns(['organization_id', 'user_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return written !== undefined
}

export async function findMember(db: Db, organizationId: string, id: string): Promise<Member | undefined> {
  return db
    .selectFrom('member')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Names of those of these ids that are members of the organization. */
export async function listMemberNames(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await db
    .selectFrom('member')
    .select(['id', 'name'])
    .where('organization_id', '=', organizationId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(found.map(({ id, name }) => [id, name]))
}

export async function findMemberByUser(db: Db, organizationId: string, userId: string): Promise<Member | undefined> {
  return db
    .selectFrom('member')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

export async function findMemberByEmail(db: Db, organizationId: string, email: string): Promise<Member | undefined> {
  return db
    .selectFrom('member')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst()
}

/** In the order they came. */
export async function listMembers(db: Db, organizationId: string, page: PageRequest): Promise<Member[]> {
  let query = db
    .selectFrom('member')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .orderBy('id')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '>', page.after)
  return query.execute()
}

/** Locks every active administrator: who is the last one is decided by one transaction after the other. */
export async function lockAdmins(tx: Db, organizationId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('member')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map((row) => row.id)
}

export type MemberChange = { role: Role; disabledAt: Date | null; at: Date }

export async function updateMemberRow(
  tx: Db,
  key: { organizationId: string; id: string },
  change: MemberChange,
): Promise<void> {
  await tx
    .updateTable('member')
    .set({ role: change.role, disabled_at: change.disabledAt, updated_at: change.at })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}
