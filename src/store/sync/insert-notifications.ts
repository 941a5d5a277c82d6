import { sql } from 'kysely'
import { type CallKind, isToldAtOnce } from '../../domain/calls/call-kinds.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import { listOpenChats } from './member-chats.ts'
import { chooseChannels, openWants } from './notification-choices.ts'

/** One call of one member: about a vulnerability, about `count` of them, or about neither. */
export type NewCall = {
  memberId: string
  kind: CallKind
  subject: string
  vulnerabilityId: string | null
  messageId: string | null
  count: number | null
}

/** The only writer of calls: into the inbox and outwards, as each member wants the kind. Answers how many were written. */
export async function insertNotifications(
  deps: { newId: NewId },
  tx: Db,
  { organizationId, calls, now }: { organizationId: string; calls: readonly NewCall[]; now: Date },
): Promise<number> {
  if (calls.length === 0) return 0
  const memberIds = calls.map(({ memberId }) => memberId)
  const wants = await openWants(tx, { organizationId, memberIds })
  const chats = await listOpenChats(tx, { organizationId, memberIds })
  const rows = calls.flatMap((call) => {
    const channels = chooseChannels(wants, call.memberId, call.kind).filter(
      (channel) => channel === 'in_app' || channel === 'email' || chats.has(`${call.memberId} ${channel}`),
    )
    if (channels.length === 0) return []
    const outside = channels.filter((channel) => channel !== 'in_app')
    const told = { in_app: channels.includes('in_app'), outside, at_once: isToldAtOnce(call.kind) }
    const { memberId: member_id, vulnerabilityId: vulnerability_id, messageId: message_id, ...rest } = call
    return [{ id: deps.newId(), member_id, vulnerability_id, message_id, ...rest, ...told }]
  })
  if (rows.length === 0) return 0
  const written = await sql`
    with r as materialized (select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, member_id uuid,
      vulnerability_id uuid, message_id uuid, kind text, subject text, count integer, in_app boolean, outside json, at_once boolean)),
    told as (
      insert into notification (organization_id, id, member_id, vulnerability_id, message_id, kind, subject, vulnerability_count,
        in_app, created_at)
      select ${organizationId}::uuid, r.id, r.member_id, r.vulnerability_id, r.message_id, r.kind, r.subject, r.count, r.in_app, ${now}
      from r on conflict do nothing returning id),
    outwards as (
      insert into outgoing_call_item (organization_id, notification_id, channel, member_id, at_once, created_at)
      select ${organizationId}::uuid, r.id, o.channel, r.member_id, r.at_once, ${now}
      from r join told on told.id = r.id cross join json_array_elements_text(r.outside) as o(channel))
    select id from told`.execute(tx)
  return written.rows.length
}

/** A call that says more than before is told outside again; one that leaves at once waits until no more is added. */
export async function tellAgain(
  tx: Db,
  key: { organizationId: string; notificationId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('outgoing_call_item')
    .set({ outgoing_call_id: null, created_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('notification_id', '=', key.notificationId)
    .where((where) => where.or([where('outgoing_call_id', 'is not', null), where('at_once', '=', true)]))
    .execute()
}
