import { sql } from 'kysely'
import type { CallKind as NotificationKind } from '../../domain/calls/call-kinds.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import { insertNotifications } from './insert-notifications.ts'

export type NewNotification = {
  organizationId: string
  vulnerabilityId: string
  kind: NotificationKind
  messageId: string | null
  subject: string
  now: Date
  /** The member who caused it, and so need not be called. */
  exceptMemberId: string | null
  /** Members who are called to the same thing otherwise. */
  calledOtherwise?: readonly string[]
}

/** Calls every champion, every admin and the assignee of a vulnerability who wants it, once for the same thing. Answers how many. */
export async function notifyMembers(deps: { newId: NewId }, tx: Db, input: NewNotification): Promise<number> {
  const members = await tx
    .selectFrom('member')
    .innerJoin('vulnerability', 'vulnerability.organization_id', 'member.organization_id')
    .select('member.id')
    .where('member.organization_id', '=', input.organizationId)
    .where('vulnerability.id', '=', input.vulnerabilityId)
    .where('member.disabled_at', 'is', null)
    .where((where) =>
      where.or([
        where('member.role', 'in', ['champion', 'admin']),
        where('member.id', '=', where.ref('vulnerability.assignee_member_id')),
      ]),
    )
    .execute()
  const { organizationId, vulnerabilityId, kind, messageId, subject, now } = input
  const calls = members
    .filter(({ id }) => id !== input.exceptMemberId && input.calledOtherwise?.includes(id) !== true)
    .map((member) => ({ memberId: member.id, vulnerabilityId, kind, messageId, subject, count: null }))
  return insertNotifications(deps, tx, { organizationId, calls, now })
}

export async function listNotificationRows(
  db: Db,
  input: {
    organizationId: string
    memberId: string
    unreadOnly: boolean
    kinds?: readonly NotificationKind[] | undefined
    after: { at: string; id: string } | undefined
    limit: number
  },
) {
  const { after, kinds } = input
  return db
    .selectFrom('notification')
    .leftJoin('vulnerability', (join) =>
      join
        .onRef('vulnerability.organization_id', '=', 'notification.organization_id')
        .onRef('vulnerability.id', '=', 'notification.vulnerability_id'),
    )
    .leftJoin('asset', (join) =>
      join
        .onRef('asset.organization_id', '=', 'vulnerability.organization_id')
        .onRef('asset.id', '=', 'vulnerability.asset_id'),
    )
    .select([
      'notification.id',
      'notification.kind',
      'notification.subject',
      'notification.read_at',
      'notification.created_at',
      'notification.vulnerability_count',
      'vulnerability.id as vulnerability_id',
      'vulnerability.number',
      'vulnerability.title',
      'vulnerability.severity',
      'vulnerability.status',
      'asset.name as asset_name',
    ])
    .where('notification.organization_id', '=', input.organizationId)
    .where('notification.member_id', '=', input.memberId)
    .where('notification.in_app', '=', true)
    .$if(input.unreadOnly, (query) => query.where('notification.read_at', 'is', null))
    .$if(kinds !== undefined, (query) => query.where('notification.kind', 'in', kinds ?? []))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(date_trunc('milliseconds', notification.created_at), notification.id) < (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`,
      ),
    )
    .orderBy(sql`date_trunc('milliseconds', notification.created_at)`, 'desc')
    .orderBy('notification.id', 'desc')
    .limit(input.limit)
    .execute()
}

/** Notifications the member has not read. */
export async function countUnread(db: Db, key: { organizationId: string; memberId: string }): Promise<number> {
  const row = await db
    .selectFrom('notification')
    .select(({ fn }) => fn.countAll<number>().as('unread'))
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .where('in_app', '=', true)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.unread
}

/**
 * Marks as read: some by id, those of some kinds, those of one vulnerability, or all of the member's. What is no line of the
 * inbox is read with its vulnerability alone. Answers how many were unread.
 */
export async function markRead(
  tx: Db,
  input: {
    organizationId: string
    memberId: string
    now: Date
    ids?: readonly string[]
    vulnerabilityId?: string
    kinds?: readonly NotificationKind[]
  },
): Promise<number> {
  const { ids, vulnerabilityId, kinds } = input
  const done = await tx
    .updateTable('notification')
    .set({ read_at: input.now })
    .where('organization_id', '=', input.organizationId)
    .where('member_id', '=', input.memberId)
    .where('read_at', 'is', null)
    .$if(vulnerabilityId === undefined, (query) => query.where('in_app', '=', true))
    .$if(ids !== undefined, (query) => query.where(sql<boolean>`id = any(${[...(ids ?? [])]}::uuid[])`))
    .$if(vulnerabilityId !== undefined, (query) => query.where('vulnerability_id', '=', vulnerabilityId ?? ''))
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** Takes calls away from a member who may no longer read what they say; without `kinds` all of them. */
export async function withdrawCalls(
  tx: Db,
  key: { organizationId: string; memberId: string; kinds?: readonly NotificationKind[] },
): Promise<void> {
  const { kinds } = key
  await tx
    .deleteFrom('notification')
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .execute()
}

/** The calls about a message say what it says now; those about sending it stay. */
export async function retellMessage(
  tx: Db,
  key: { organizationId: string; messageId: string; subject: string },
): Promise<void> {
  await tx
    .updateTable('notification')
    .set({ subject: key.subject })
    .where('organization_id', '=', key.organizationId)
    .where('message_id', '=', key.messageId)
    .where('kind', 'in', ['message', 'mentioned'])
    .execute()
}

/** Ends calls for what has been seen to without them. `messageId` left out: whatever message. Answers how many ended. */
export async function settleCalls(
  tx: Db,
  input: {
    organizationId: string
    vulnerabilityIds: readonly string[]
    kinds: readonly NotificationKind[]
    messageId?: string | null
    now: Date
  },
): Promise<number> {
  const { messageId } = input
  const done = await tx
    .updateTable('notification')
    .set({ read_at: input.now })
    .where('organization_id', '=', input.organizationId)
    .where(sql<boolean>`vulnerability_id = any(${[...input.vulnerabilityIds]}::uuid[])`)
    .where('kind', 'in', input.kinds)
    .where('read_at', 'is', null)
    .$if(messageId !== undefined, (query) => query.where('message_id', 'is not distinct from', messageId ?? null))
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** A message that is gone calls nobody any more. */
export async function silenceMessage(
  tx: Db,
  key: { organizationId: string; messageId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('notification')
    .set({ read_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('message_id', '=', key.messageId)
    .where('read_at', 'is', null)
    .execute()
}

/** Ids of messages of a vulnerability that still call the member. */
export async function listUnreadMessageIds(
  db: Db,
  key: { organizationId: string; memberId: string; vulnerabilityId: string },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('notification')
    .select('message_id')
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .where('vulnerability_id', '=', key.vulnerabilityId)
    .where('in_app', '=', true)
    .where('read_at', 'is', null)
    .where('message_id', 'is not', null)
    .execute()
  return new Set(rows.flatMap((row) => (row.message_id === null ? [] : [row.message_id])))
}
