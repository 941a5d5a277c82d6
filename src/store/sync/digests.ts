import { sql } from 'kysely'
import type { OutsideChannel } from '../../domain/calls/call-kinds.ts'
import type { Db } from '../db.ts'

/** A member for whom something waits for the day's digest, with when they read it and the organization's calendar. */
export type DigestMember = {
  organizationId: string
  memberId: string
  hour: number | null
  timeZone: string | null
  digestedUntil: Date | null
  sla: unknown
}

/** Members for whom something waits, of any organization. */
export async function listDigestMembers(db: Db): Promise<DigestMember[]> {
  const { rows } = await sql<DigestMember>`
    select w.organization_id as "organizationId", w.member_id as "memberId", r.digest_hour as hour, r.time_zone as "timeZone",
      r.digested_until as "digestedUntil", s.sla
    from (select distinct organization_id, member_id from outgoing_call_item where outgoing_call_id is null and not at_once) w
    left join organization_settings s on s.organization_id = w.organization_id
    left join notification_rhythm r on r.organization_id = w.organization_id and r.member_id = w.member_id`.execute(db)
  return rows
}

/** Writes down that a digest tells up to `until`; false where somebody else did so before. */
export async function claimDigest(
  tx: Db,
  key: { organizationId: string; memberId: string; until: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into notification_rhythm as r (organization_id, member_id, digested_until)
    values (${key.organizationId}::uuid, ${key.memberId}::uuid, ${key.until})
    on conflict (organization_id, member_id) do update set digested_until = excluded.digested_until
      where r.digested_until is null or r.digested_until < excluded.digested_until
    returning member_id`.execute(tx)
  return rows.length > 0
}

/** Channels by which a digest up to `until` would have something to say. */
export async function listDigestChannels(
  tx: Db,
  key: { organizationId: string; memberId: string; until: Date },
): Promise<OutsideChannel[]> {
  const rows = await tx
    .selectFrom('outgoing_call_item')
    .select('channel')
    .distinct()
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .where('at_once', '=', false)
    .where('outgoing_call_id', 'is', null)
    .where('created_at', '<=', key.until)
    .execute()
  return rows.map(({ channel }) => channel)
}
