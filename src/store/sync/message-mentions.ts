import { sql } from 'kysely'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { Db } from '../db.ts'

/** Whom a message means by `@name`. */
export type MentionedPerson =
  | { name: string; memberId: string; contributorId: null }
  | { name: string; memberId: null; contributorId: string }

type MessageKey = { organizationId: string; messageId: string }

/** Whom a message means from now on, in place of whom it meant. */
export async function replaceMentions(tx: Db, key: MessageKey, mentions: readonly MentionedPerson[]): Promise<void> {
  await tx
    .deleteFrom('message_mention')
    .where('organization_id', '=', key.organizationId)
    .where('message_id', '=', key.messageId)
    .execute()
  await insertMentions(tx, key, mentions)
}

/** Whom a new message means. */
export async function insertMentions(tx: Db, key: MessageKey, mentions: readonly MentionedPerson[]): Promise<void> {
  if (mentions.length === 0) return
  await tx
    .insertInto('message_mention')
    .values(
      mentions.map(({ name, memberId, contributorId }) => ({
        organization_id: key.organizationId,
        message_id: key.messageId,
        name,
        member_id: memberId,
        contributor_id: contributorId,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export type MentionRow = {
  message_id: string
  name: string
  member_id: string | null
  contributor_id: string | null
  /** The member meant, also by way of their account at a remote. */
  called_member_id: string | null
}

/** Of some messages whom they mean, by name. */
export async function listMentions(
  db: Db,
  key: { organizationId: string; messageIds: readonly string[] },
): Promise<MentionRow[]> {
  if (key.messageIds.length === 0) return []
  return db
    .selectFrom('message_mention')
    .leftJoin('contributor', (join) =>
      join
        .onRef('contributor.organization_id', '=', 'message_mention.organization_id')
        .onRef('contributor.id', '=', 'message_mention.contributor_id'),
    )
    .select([
      'message_mention.message_id',
      'message_mention.name',
      'message_mention.member_id',
      'message_mention.contributor_id',
      sql<string | null>`coalesce(message_mention.member_id, contributor.member_id)`.as('called_member_id'),
    ])
    .where('message_mention.organization_id', '=', key.organizationId)
    .where(sql<boolean>`message_mention.message_id = any(${[...key.messageIds]}::uuid[])`)
    .orderBy('message_mention.name')
    .execute()
}

/**
 * By which account each name of a message is called at one remote: the one that is meant, else another of the same person.
 * Who has none there, or none that is open, is left out.
 */
export async function listMentionAccounts(
  db: Db,
  key: MessageKey & { kind: RemoteKind },
): Promise<{ name: string; account: string; displayName: string }[]> {
  const found = await sql<{ name: string; account: string; displayName: string }>`
    select m.name, there.account, there.display_name as "displayName"
    from message_mention m
    left join contributor meant on meant.organization_id = m.organization_id and meant.id = m.contributor_id
    join lateral (
      select coalesce(c.account_id, case when c.kind = 'jira' then c.remote_id end) as account, c.display_name
      from contributor c
      where c.organization_id = m.organization_id and c.kind = ${key.kind} and c.closed_at is null
        and (c.id = meant.id or c.account_id = meant.account_id or c.member_id = coalesce(m.member_id, meant.member_id))
      order by c.id = meant.id desc, c.account_id is not distinct from meant.account_id desc, c.last_seen_at desc, c.id
      limit 1) there on there.account is not null
    where m.organization_id = ${key.organizationId}::uuid and m.message_id = ${key.messageId}::uuid
    order by m.name`.execute(db)
  return found.rows
}
