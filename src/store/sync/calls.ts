import { sql } from 'kysely'
import type { CallKind } from '../../domain/calls/call-kinds.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import { insertNotifications, tellAgain } from './insert-notifications.ts'

/** A member called to one vulnerability; who does not want the kind is left out. */
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
  const { organizationId, now } = input
  const calls = input.calls.map((call) => ({ ...call, messageId: null, count: null }))
  await insertNotifications(deps, tx, { organizationId, calls, now })
}

/** One call about many; while it is unread, more of the same goes into it. */
export async function callToMany(
  deps: { newId: NewId },
  tx: Db,
  input: { organizationId: string; digest: Digest; now: Date },
): Promise<void> {
  const { organizationId, digest, now } = input
  const { memberId, kind } = digest
  const unread = await tx
    .selectFrom('notification')
    .select(['id', 'vulnerability_count'])
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .where('kind', '=', kind)
    .where('vulnerability_id', 'is', null)
    .where('read_at', 'is', null)
    // What is no line of the inbox is never read there: once it was told outside, it is over.
    .where(sql<boolean>`(in_app or exists (select from outgoing_call_item i where i.organization_id = notification.organization_id
      and i.notification_id = notification.id and i.outgoing_call_id is null))`)
    .orderBy('created_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  const count = (unread?.vulnerability_count ?? 0) + digest.count
  const subject = digest.subject(count)
  if (unread === undefined) {
    const call = { memberId, kind, subject, vulnerabilityId: null, messageId: null, count }
    await insertNotifications(deps, tx, { organizationId, calls: [call], now })
    return
  }
  await tx
    .updateTable('notification')
    .set({ vulnerability_count: count, subject, created_at: now })
    .where('organization_id', '=', organizationId)
    .where('id', '=', unread.id)
    .execute()
  await tellAgain(tx, { organizationId, notificationId: unread.id, now })
}

/** Calls every administrator to what is about no vulnerability. */
export async function callAdmins(
  deps: { newId: NewId },
  tx: Db,
  input: { organizationId: string; kind: CallKind; subject: string; now: Date },
): Promise<void> {
  const { organizationId, kind, subject, now } = input
  const admins = await tx
    .selectFrom('member')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('disabled_at', 'is', null)
    .where('role', '=', 'admin')
    .execute()
  const calls = admins.map(({ id }) => {
    return { memberId: id, kind, subject, vulnerabilityId: null, messageId: null, count: null }
  })
  await insertNotifications(deps, tx, { organizationId, calls, now })
}
