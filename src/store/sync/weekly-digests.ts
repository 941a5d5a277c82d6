import { sql } from 'kysely'
import type { OutsideChannel } from '../../domain/calls/call-kinds.ts'
import type { TimeRange } from '../../domain/delivery/time-buckets.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'

type Member = { organizationId: string; memberId: string }

/** Who reads about the week, by which channels and when. `zone` and `sla`: what their time zone follows from. */
export type WeeklyReader = Member & {
  weekday: number | null
  hour: number | null
  channels: OutsideChannel[]
  /** Whether the member chose a channel, either way. */
  isOwn: boolean
  onSince: Date | null
  organizationOnSince: Date | null
  toldTo: Date | null
  zone: string | null
  sla: unknown
}

/** What a member chose, else what the organization has for everybody: a mail, where it is on. */
const wanted = sql`coalesce(n.wanted, c.channel = 'email' and s.on_since is not null and not exists (
  select from notification_choice o where o.organization_id = m.organization_id and o.member_id = m.id and o.kind = 'weekly_digest'))`

const readers = sql`
  select m.organization_id as "organizationId", m.id as "memberId", w.weekday, w.hour, w.on_since as "onSince",
    s.on_since as "organizationOnSince", w.told_to as "toldTo", r.time_zone as zone, g.sla,
    array(select c.channel from (values (1, 'email'), (2, 'slack'), (3, 'teams')) as c(place, channel)
      left join notification_choice n on n.organization_id = m.organization_id and n.member_id = m.id
        and n.kind = 'weekly_digest' and n.channel = c.channel
      where ${wanted} order by c.place) as channels,
    exists (select from notification_choice o where o.organization_id = m.organization_id and o.member_id = m.id
      and o.kind = 'weekly_digest') as "isOwn"
  from member m
  left join weekly_digest_settings s on s.organization_id = m.organization_id
  left join weekly_digest w on w.organization_id = m.organization_id and w.member_id = m.id
  left join notification_rhythm r on r.organization_id = m.organization_id and r.member_id = m.id
  left join organization_settings g on g.organization_id = m.organization_id`

/** Members, of any organization, who may want the week's digest. */
export async function listWeeklyReaders(db: Db): Promise<WeeklyReader[]> {
  const { rows } = await sql<WeeklyReader>`
    ${readers} where m.disabled_at is null and (s.on_since is not null or exists (select from notification_choice q
      where q.organization_id = m.organization_id and q.member_id = m.id and q.kind = 'weekly_digest' and q.wanted))`.execute(
    db,
  )
  return rows
}

export async function findWeeklyReader(
  db: Db,
  { organizationId, memberId }: Member,
): Promise<WeeklyReader | undefined> {
  const { rows } = await sql<WeeklyReader>`
    ${readers} where m.organization_id = ${organizationId}::uuid and m.id = ${memberId}::uuid`.execute(db)
  return rows[0]
}

/** Writes down that a week was told; false where it, or a later one, was told before. */
export async function claimWeek(tx: Db, { organizationId, memberId, to }: Member & { to: Date }): Promise<boolean> {
  const { rows } = await sql`
    insert into weekly_digest as w (organization_id, member_id, told_to)
    values (${organizationId}::uuid, ${memberId}::uuid, ${to})
    on conflict (organization_id, member_id) do update set told_to = excluded.told_to
      where w.told_to is null or w.told_to < excluded.told_to
    returning member_id`.execute(tx)
  return rows.length > 0
}

/** One message of a week for each channel; what it says is worked out when it is sent. */
export async function insertWeekMessages(
  { newId }: { newId: NewId },
  tx: Db,
  message: Member & { channels: readonly OutsideChannel[]; week: TimeRange; now: Date },
): Promise<void> {
  if (message.channels.length === 0) return
  await tx
    .insertInto('outgoing_call')
    .values(
      message.channels.map((channel) => ({
        organization_id: message.organizationId,
        id: newId(),
        member_id: message.memberId,
        channel,
        is_digest: true,
        state: 'queued' as const,
        created_at: message.now,
        week_from: message.week.from,
        week_to: message.week.to,
      })),
    )
    .execute()
}

/** `onSince` undefined: as it was. */
export async function writeWeeklyRhythm(
  tx: Db,
  { organizationId, memberId, ...row }: Member & { weekday: number; hour: number; onSince: Date | undefined },
): Promise<void> {
  const change = { weekday: row.weekday, hour: row.hour, ...(row.onSince !== undefined && { on_since: row.onSince }) }
  await tx
    .insertInto('weekly_digest')
    .values({ organization_id: organizationId, member_id: memberId, ...change })
    .onConflict((conflict) => conflict.columns(['organization_id', 'member_id']).doUpdateSet(change))
    .execute()
}

/** Since when members who chose nothing get it; null: they do not. */
export async function findWeeklyDefault(db: Db, organizationId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('weekly_digest_settings')
    .select('on_since')
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return row?.on_since ?? null
}

export async function writeWeeklyDefault(
  tx: Db,
  { organizationId, onSince, now }: { organizationId: string; onSince: Date | null; now: Date },
): Promise<void> {
  const change = { on_since: onSince, updated_at: now }
  await tx
    .insertInto('weekly_digest_settings')
    .values({ organization_id: organizationId, ...change })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(change))
    .execute()
}
