import { type Selectable, sql } from 'kysely'
import {
  type CallChannel,
  type CallKind,
  callChannels,
  isWantedByDefault,
  type MailKind,
} from '../../domain/calls/call-kinds.ts'
import type { Db } from '../db.ts'
import type { NotificationChoiceTable, NotificationRhythmTable } from '../schema.gen.ts'

type Member = { organizationId: string; memberId: string }

export type Choice = { kind: MailKind; channel: CallChannel; wanted: boolean }
export type RhythmRow = Pick<Selectable<NotificationRhythmTable>, 'digest_hour' | 'time_zone'>

/** Whether a member wants calls of a kind by a channel. */
export type Wants = (memberId: string, kind: CallKind, channel: CallChannel) => boolean

const keyOf = (row: Pick<Selectable<NotificationChoiceTable>, 'member_id' | 'kind' | 'channel'>) =>
  `${row.member_id} ${row.kind} ${row.channel}`

/** What some members want: what they chose, else what holds for everybody. */
export async function openWants(
  db: Db,
  { organizationId, memberIds }: { organizationId: string; memberIds: readonly string[] },
): Promise<Wants> {
  const rows = await db
    .selectFrom('notification_choice')
    .select(['member_id', 'kind', 'channel', 'wanted'])
    .where('organization_id', '=', organizationId)
    .where(sql<boolean>`member_id = any(${[...new Set(memberIds)]}::uuid[])`)
    .execute()
  const chosen = new Map(rows.map((row) => [keyOf(row), row.wanted]))
  return (memberId, kind, channel) =>
    chosen.get(keyOf({ member_id: memberId, kind, channel })) ?? isWantedByDefault(kind, channel)
}

/** Writes choices over those there were; the others stay. */
export async function writeChoices(tx: Db, member: Member, choices: readonly Choice[]): Promise<void> {
  if (choices.length === 0) return
  const last = new Map(choices.map((choice) => [`${choice.kind} ${choice.channel}`, choice]))
  await sql`
    insert into notification_choice (organization_id, member_id, kind, channel, wanted)
    select ${member.organizationId}::uuid, ${member.memberId}::uuid, r.kind, r.channel, r.wanted
    from json_to_recordset(${JSON.stringify([...last.values()])}::json) as r(kind text, channel text, wanted boolean)
    on conflict (organization_id, member_id, kind, channel) do update set wanted = excluded.wanted`.execute(tx)
}

/** When a member reads the day's digest; undefined where they never said. */
export async function findRhythm(db: Db, member: Member): Promise<RhythmRow | undefined> {
  return db
    .selectFrom('notification_rhythm')
    .select(['digest_hour', 'time_zone'])
    .where('organization_id', '=', member.organizationId)
    .where('member_id', '=', member.memberId)
    .executeTakeFirst()
}

export async function writeRhythm(tx: Db, member: Member, rhythm: Partial<RhythmRow>): Promise<void> {
  if (Object.keys(rhythm).length === 0) return
  await tx
    .insertInto('notification_rhythm')
    .values({ organization_id: member.organizationId, member_id: member.memberId, ...rhythm })
    .onConflict((row) => row.columns(['organization_id', 'member_id']).doUpdateSet(rhythm))
    .execute()
}

/** The channels by which a member is to be called for a kind. */
export function chooseChannels(wants: Wants, memberId: string, kind: CallKind): CallChannel[] {
  return callChannels.filter((channel) => wants(memberId, kind, channel))
}
