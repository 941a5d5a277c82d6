import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { MessageTable } from '../schema.gen.ts'
import { inChunks } from './in-chunks.ts'

export type MessageRow = Selectable<MessageTable>
/** What a developer's comment counts as: a command that had its effect, or one that leaves room for another. */
export type MessageCommand = NonNullable<MessageRow['command']>

export type NewMessage = {
  organizationId: string
  id: string
  vulnerabilityId: string
  parentId: string | null
  author:
    | { kind: 'member'; memberId: string; name: string }
    | { kind: 'remote'; remoteUuid: string | null; contributorId?: string | null; name: string }
    | { kind: 'system'; name: string }
  body: string
  internal: boolean
  createdAt: Date
}

export async function insertMessage(tx: Db, message: NewMessage): Promise<void> {
  await insertMessages(tx, [message])
}

export async function insertMessages(tx: Db, messages: readonly NewMessage[]): Promise<void> {
  await inChunks(messages, (piece) => tx.insertInto('message').values(piece.map(toRow)).execute())
}

function toRow(message: NewMessage) {
  const { author } = message
  return {
    organization_id: message.organizationId,
    id: message.id,
    vulnerability_id: message.vulnerabilityId,
    parent_id: message.parentId,
    author_kind: author.kind,
    author_member_id: author.kind === 'member' ? author.memberId : null,
    author_remote_uuid: author.kind === 'remote' ? author.remoteUuid : null,
    contributor_id: author.kind === 'remote' ? (author.contributorId ?? null) : null,
    author_name: author.name,
    body: message.body,
    internal: message.internal,
    created_at: message.createdAt,
  }
}

export async function findMessage(
  db: Db,
  key: { organizationId: string; id: string; lock?: boolean },
): Promise<MessageRow | undefined> {
  return db
    .selectFrom('message')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .$if(key.lock === true, (query) => query.forUpdate())
    .executeTakeFirst()
}

/** Keeps a text in the history of a message: the former one at an edit, the other side's at a conflict. */
export async function insertRevision(
  tx: Db,
  revision: { organizationId: string; messageId: string; version: number; body: string; now: Date },
): Promise<void> {
  await tx
    .insertInto('message_revision')
    .values({
      organization_id: revision.organizationId,
      message_id: revision.messageId,
      version: revision.version,
      body: revision.body,
      replaced_at: revision.now,
    })
    .execute()
}

type Rewrite = { organizationId: string; id: string; now: Date }

/** A new text; the version goes up by one. Keep the former text first. */
export async function rewriteMessage(tx: Db, key: Rewrite, body: string): Promise<void> {
  await tx
    .updateTable('message')
    .set((set) => ({ body, version: set('version', '+', 1), edited_at: key.now }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

export async function bumpMessage(tx: Db, key: { organizationId: string; id: string }): Promise<void> {
  await tx
    .updateTable('message')
    .set((set) => ({ version: set('version', '+', 1) }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Writes down which command a comment has had its effect by. */
export async function noteCommand(
  tx: Db,
  key: { organizationId: string; id: string; command: MessageCommand },
): Promise<void> {
  await tx
    .updateTable('message')
    .set({ command: key.command })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Leaves a tombstone: who and when stay, the text goes to the history. */
export async function entombMessage(tx: Db, key: Rewrite): Promise<void> {
  await tx
    .updateTable('message')
    .set((set) => ({ body: '', version: set('version', '+', 1), deleted_at: key.now }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

type Naming = { organizationId: string; defectId: string; authorUuid: string; name: string; from: Date; until: Date }

/** A message that came from an item, of this author and time, whose text names a file, or shows one without a name. */
export async function findMessageNaming(tx: Db, naming: Naming): Promise<{ id: string } | undefined> {
  // Markdown may have put a backslash before some of the name's letters.
  const text = sql<string>`replace(message.body, chr(92), '')`
  return tx
    .selectFrom('message_link')
    .innerJoin('message', (join) =>
      join
        .onRef('message.organization_id', '=', 'message_link.organization_id')
        .onRef('message.id', '=', 'message_link.message_id'),
    )
    .select('message.id')
    .where('message_link.organization_id', '=', naming.organizationId)
    .where('message_link.defect_id', '=', naming.defectId)
    .where('message_link.direction', '=', 'in')
    .where('message.author_remote_uuid', '=', naming.authorUuid)
    .where('message.deleted_at', 'is', null)
    .where('message.created_at', '>=', naming.from)
    .where('message.created_at', '<=', naming.until)
    .where(sql<boolean>`(position(${naming.name} in ${text}) > 0 or position('[file]' in ${text}) > 0)`)
    .orderBy('message.created_at')
    .limit(1)
    .executeTakeFirst()
}

/** One page of a thread, oldest first. */
export async function listThread(
  db: Db,
  input: {
    organizationId: string
    vulnerabilityId: string
    after: { at: string; id: string } | undefined
    limit: number
  },
): Promise<MessageRow[]> {
  const { after } = input
  return db
    .selectFrom('message')
    .selectAll()
    .where('organization_id', '=', input.organizationId)
    .where('vulnerability_id', '=', input.vulnerabilityId)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(date_trunc('milliseconds', created_at), id) > (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`,
      ),
    )
    .orderBy(sql`date_trunc('milliseconds', created_at)`)
    .orderBy('id')
    .limit(input.limit)
    .execute()
}
