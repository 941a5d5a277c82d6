import { type Selectable, sql } from 'kysely'
import type { CallKind, OutsideChannel } from '../../domain/calls/call-kinds.ts'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import type { OutgoingCallTable } from '../schema.gen.ts'

export type OutgoingCallRow = Selectable<OutgoingCallTable>

/** Whom something waits for outside, by which channel. */
export type Waiting = { organizationId: string; memberId: string; channel: OutsideChannel }

/**
 * Members for whom what leaves at once has waited since `before`, so that what comes in one go is one message, and who had no
 * other message since `quietSince`. For the holder of the transaction alone.
 */
export async function takeWaiting(
  tx: Db,
  { before, quietSince, limit }: { before: Date; quietSince: Date; limit: number },
): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    with held as (
      select i.organization_id, i.member_id, i.channel from outgoing_call_item i
      where i.outgoing_call_id is null and i.at_once and i.created_at <= ${before}
        and not exists (select from outgoing_call c where c.organization_id = i.organization_id and c.member_id = i.member_id
          and c.channel = i.channel and not c.is_digest and c.created_at > ${quietSince})
      order by i.created_at limit ${limit} for update of i skip locked)
    select distinct organization_id as "organizationId", member_id as "memberId", channel from held`.execute(tx)
  return rows
}

/** One message of all that waits for a member by a channel; `until` leaves out what came later. Answers how many calls it tells. */
export async function composeCall(
  deps: { newId: NewId },
  tx: Db,
  { organizationId, memberId, channel, ...call }: Waiting & { isDigest: boolean; until: Date; now: Date },
): Promise<number> {
  const id = deps.newId()
  await tx
    .insertInto('outgoing_call')
    .values({
      organization_id: organizationId,
      id,
      member_id: memberId,
      channel,
      is_digest: call.isDigest,
      state: 'queued',
      created_at: call.now,
    })
    .execute()
  const taken = await tx
    .updateTable('outgoing_call_item')
    .set({ outgoing_call_id: id })
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .where('channel', '=', channel)
    .where('at_once', '=', !call.isDigest)
    .where('outgoing_call_id', 'is', null)
    .where('created_at', '<=', call.until)
    .executeTakeFirst()
  const told = Number(taken.numUpdatedRows)
  // Somebody else took them meanwhile.
  if (told === 0)
    await tx.deleteFrom('outgoing_call').where('organization_id', '=', organizationId).where('id', '=', id).execute()
  return told
}

/** Mail that waits while none is sent is out of date when it is turned on. */
export async function dropWaitingMail(db: Db): Promise<void> {
  await db
    .deleteFrom('outgoing_call_item')
    .where('channel', '=', 'email')
    .where('outgoing_call_id', 'is', null)
    .execute()
}

/**
 * Takes messages that are due, of any organization, for the holder of a fresh lease alone, with this attempt counted before
 * anything is sent. One whose holder died is free again when its lease ends.
 */
export async function leaseDueCalls(
  db: Db,
  lease: { by: string; now: Date; until: Date; limit: number; channels: readonly OutsideChannel[] },
): Promise<OutgoingCallRow[]> {
  const { rows } = await sql<OutgoingCallRow>`
    update outgoing_call set leased_by = ${lease.by}::uuid, leased_until = ${lease.until}, attempts = attempts + 1
    where (organization_id, id) in (
      select organization_id, id from outgoing_call
      where state = 'queued' and channel = any(${[...lease.channels]}::text[])
        and (leased_until is null or leased_until <= ${lease.now}) and (next_attempt_at is null or next_attempt_at <= ${lease.now})
      order by created_at, id limit ${lease.limit} for update skip locked)
    returning *`.execute(db)
  return rows
}

export type CallKey = { organizationId: string; id: string }

/** Ends an attempt, where the message is still the holder's. */
export async function settleCall(
  tx: Db,
  { organizationId, id, by }: CallKey & { by: string },
  change: Pick<OutgoingCallRow, 'state' | 'error' | 'next_attempt_at' | 'ended_at'>,
): Promise<void> {
  await tx
    .updateTable('outgoing_call')
    .set({ ...change, leased_by: null, leased_until: null })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('leased_by', '=', by)
    .execute()
}

/** A sender that stops, or fails, gives its message back at once. */
export async function releaseCall(db: Db, { organizationId, id, by }: CallKey & { by: string }): Promise<void> {
  await db
    .updateTable('outgoing_call')
    .set({ leased_by: null, leased_until: null })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('leased_by', '=', by)
    .execute()
}

/** A call as a message outside tells it. */
export type ToldCall = {
  kind: CallKind
  subject: string
  count: number | null
  at: Date
  /** Where somebody said it who is no member: their name there is whatever they like. */
  saidIn: RemoteKind | null
  vulnerability: { id: string; number: number; title: string; severity: string; asset: string } | null
}

/** What a message still has to tell, the latest first: neither what was read since nor what was withdrawn. */
export async function listToldCalls(db: Db, { organizationId, id }: CallKey): Promise<ToldCall[]> {
  const rows = await db
    .selectFrom('outgoing_call_item as i')
    .innerJoin('notification as n', (join) =>
      join.onRef('n.organization_id', '=', 'i.organization_id').onRef('n.id', '=', 'i.notification_id'),
    )
    .leftJoin('vulnerability as v', (join) =>
      join.onRef('v.organization_id', '=', 'n.organization_id').onRef('v.id', '=', 'n.vulnerability_id'),
    )
    .leftJoin('asset as a', (join) =>
      join.onRef('a.organization_id', '=', 'v.organization_id').onRef('a.id', '=', 'v.asset_id'),
    )
    .leftJoin('message as m', (join) =>
      join.onRef('m.organization_id', '=', 'n.organization_id').onRef('m.id', '=', 'n.message_id'),
    )
    .leftJoin('contributor as c', (join) =>
      join
        .onRef('c.organization_id', '=', 'm.organization_id')
        .onRef('c.id', '=', 'm.contributor_id')
        .on('c.member_id', 'is', null),
    )
    .select([
      'n.kind',
      'c.kind as saidIn',
      'n.subject',
      'n.vulnerability_count as count',
      'n.created_at as at',
      'v.id as vulnerability_id',
      'v.number',
      'v.title',
      'v.severity',
      'a.name as asset',
    ])
    .where('i.organization_id', '=', organizationId)
    .where('i.outgoing_call_id', '=', id)
    .where('n.read_at', 'is', null)
    .orderBy('n.created_at', 'desc')
    .orderBy('n.id', 'desc')
    .execute()
  return rows.map(({ vulnerability_id: vulnerabilityId, number, title, severity, asset, saidIn: kind, ...call }) => {
    // Who is only known from commits says nothing anywhere.
    const saidIn = kind === 'git' ? null : kind
    const isAbout = vulnerabilityId !== null && number !== null && title !== null && severity !== null && asset !== null
    return { ...call, saidIn, vulnerability: isAbout ? { id: vulnerabilityId, number, title, severity, asset } : null }
  })
}

/** Whom a message goes to, as they are now. */
export async function findRecipient(
  db: Db,
  { organizationId, memberId }: { organizationId: string; memberId: string },
) {
  return db
    .selectFrom('member as m')
    .innerJoin('organization as o', 'o.organization_id', 'm.organization_id')
    .select(['m.name', 'm.email', 'm.role', 'm.disabled_at', 'o.name as organization'])
    .where('m.organization_id', '=', organizationId)
    .where('m.id', '=', memberId)
    .executeTakeFirst()
}
