import { type Selectable, sql } from 'kysely'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import type { NotificationTable } from '../schema.gen.ts'

export type CallKind = Selectable<NotificationTable>['kind']

/** A member called to one vulnerability. */
export type Call = { memberId: string; vulnerabilityId: string; kind: CallKind; subject: string }

/** A member called to many at once. */
export type Digest = { memberId: string; kind: CallKind; count: number; subject: (count: number) => string }

/** Who is called where nobody in particular is: champions and admins. */
export async function listChampions(db: Db, organizationId: string): Promise<string[]> {
  const found = await db
    .selectFrom('member')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('disabled_at', 'is', null)
    .where('role', 'in', ['champion', 'admin'])
    .orderBy('id')
    .execute()
  return found.map((row) => row.id)
}

/** Of some members those who can be called. */
export async function listActive(db: Db, organizationId: string, memberIds: readonly string[]): Promise<Set<string>> {
  if (memberIds.length === 0) return new Set()
  const found = await sql<{ id: string }>`
    select id from member where organization_id = ${organizationId}::uuid and disabled_at is null
      and id = any(${[...memberIds]}::uuid[])`.execute(db)
  return new Set(found.rows.map((row) => row.id))
}

export async function insertCalls(
  deps: { newId: NewId },
  tx: Db,
  input: { organizationId: string; calls: readonly Call[]; now: Date },
): Promise<void> {
  if (input.calls.length === 0) return
  const rows = input.calls.map(({ memberId, vulnerabilityId, kind, subject }) => {
    return { id: deps.newId(), member_id: memberId, vulnerability_id: vulnerabilityId, kind, subject }
  })
  await sql`
    insert into notification (organization_id, id, member_id, vulnerability_id, kind, subject, created_at)
    select ${input.organizationId}::uuid, r.id, r.member_id, r.vulnerability_id, r.kind, r.subject, ${input.now}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, member_id uuid, vulnerability_id uuid, kind text, subject text)
    on conflict do nothing`.execute(tx)
}

/** One call about many; while it is unread, more of the same goes into it. */
export async function callToMany(
  deps: { newId: NewId },
  tx: Db,
  input: { organizationId: string; digest: Digest; now: Date },
): Promise<void> {
  const { organizationId, digest, now } = input
  const unread = await tx
    .selectFrom('notification')
    .select(['id', 'vulnerability_count'])
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', digest.memberId)
    .where('kind', '=', digest.kind)
    .where('vulnerability_id', 'is', null)
    .where('read_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  const count = (unread?.vulnerability_count ?? 0) + digest.count
  const told = { vulnerability_count: count, subject: digest.subject(count), created_at: now }
  if (unread === undefined) {
    const { memberId: member_id, kind } = digest
    const row = { organization_id: organizationId, id: deps.newId(), member_id, kind, ...told }
    await tx.insertInto('notification').values(row).execute()
    return
  }
  await tx
    .updateTable('notification')
    .set(told)
    .where('organization_id', '=', organizationId)
    .where('id', '=', unread.id)
    .execute()
}
