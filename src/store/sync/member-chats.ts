import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { MemberChatTable } from '../schema.gen.ts'

type MemberChatRow = Selectable<MemberChatTable>
export type ChatKey = { organizationId: string; memberId: string; channel: MemberChatRow['channel'] }

const pick = (db: Db, { organizationId, memberId }: Omit<ChatKey, 'channel'>) =>
  db
    .selectFrom('member_chat')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)

export async function listChats(db: Db, key: Omit<ChatKey, 'channel'>): Promise<MemberChatRow[]> {
  return pick(db, key).orderBy('channel').execute()
}

/** Chats of some members that take messages, each as member and channel with a blank between. */
export async function listOpenChats(
  db: Db,
  { organizationId, memberIds }: { organizationId: string; memberIds: readonly string[] },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('member_chat')
    .select(['member_id', 'channel'])
    .where('organization_id', '=', organizationId)
    .where(sql<boolean>`member_id = any(${[...new Set(memberIds)]}::uuid[])`)
    .where('ended_at', 'is', null)
    .execute()
  return new Set(rows.map((row) => `${row.member_id} ${row.channel}`))
}

export async function findChat(db: Db, key: ChatKey): Promise<MemberChatRow | undefined> {
  return pick(db, key).where('channel', '=', key.channel).executeTakeFirst()
}

/** In place of the former address, if there was one; what was wrong with that is forgotten. */
export async function writeChat(tx: Db, key: ChatKey, chat: { address: string; sealed_url: string }): Promise<void> {
  const fresh = { ...chat, error: null, ended_at: null }
  await tx
    .insertInto('member_chat')
    .values({ organization_id: key.organizationId, member_id: key.memberId, channel: key.channel, ...fresh })
    .onConflict((row) => row.columns(['organization_id', 'member_id', 'channel']).doUpdateSet(fresh))
    .execute()
}

/** Forgets an address, with all that waited for it. */
export async function deleteChat(tx: Db, key: ChatKey): Promise<void> {
  await tx
    .deleteFrom('member_chat')
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .where('channel', '=', key.channel)
    .execute()
  await tx
    .deleteFrom('outgoing_call_item')
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .where('channel', '=', key.channel)
    .where('outgoing_call_id', 'is', null)
    .execute()
}

/** What became of a message, unless the member gave another address meanwhile. */
export async function writeChatOutcome(
  db: Db,
  key: ChatKey & { sealedUrl: string },
  outcome: Pick<MemberChatRow, 'error' | 'ended_at'>,
): Promise<void> {
  await db
    .updateTable('member_chat')
    .set(outcome)
    .where('organization_id', '=', key.organizationId)
    .where('member_id', '=', key.memberId)
    .where('channel', '=', key.channel)
    .where('sealed_url', '=', key.sealedUrl)
    .execute()
}
