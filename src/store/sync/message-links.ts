import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { MessageLinkTable } from '../schema.gen.ts'
import { inChunks } from './in-chunks.ts'

export type MessageLinkRow = Selectable<MessageLinkTable>

export type NewMessageLink = {
  organizationId: string
  id: string
  messageId: string
  defectId: string
  remoteCommentId: string | null
  direction: 'in' | 'out'
  bodyHash: string | null
  remoteUpdatedAt: Date | null
  state: MessageLinkRow['state']
  now: Date
}

/** Joins a message to its remote comment. Answers false when somebody else has joined that comment already. */
export async function insertMessageLink(tx: Db, link: NewMessageLink): Promise<boolean> {
  return (await insertMessageLinks(tx, [link])) === 1
}

/** Answers how many were new. */
export async function insertMessageLinks(tx: Db, links: readonly NewMessageLink[]): Promise<number> {
  const written = await inChunks(links, (piece) =>
    tx
      .insertInto('message_link')
      .values(piece.map(toRow))
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute(),
  )
  return written.length
}

function toRow(link: NewMessageLink) {
  return {
    organization_id: link.organizationId,
    id: link.id,
    message_id: link.messageId,
    defect_id: link.defectId,
    remote_comment_id: link.remoteCommentId,
    direction: link.direction,
    body_hash: link.bodyHash,
    remote_updated_at: link.remoteUpdatedAt,
    state: link.state,
    created_at: link.now,
    updated_at: link.now,
  }
}

/** Of some comments of an item those that are known, by their remote id. */
export async function listLinksByComments(
  db: Db,
  key: { organizationId: string; defectId: string; remoteCommentIds: readonly string[] },
): Promise<Map<string, MessageLinkRow>> {
  const rows = await db
    .selectFrom('message_link')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('defect_id', '=', key.defectId)
    .where(sql<boolean>`remote_comment_id = any(${[...key.remoteCommentIds]}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.remote_comment_id ?? '', row]))
}

export async function findLinkByComment(
  db: Db,
  key: { organizationId: string; defectId: string; remoteCommentId: string },
): Promise<MessageLinkRow | undefined> {
  return db
    .selectFrom('message_link')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('defect_id', '=', key.defectId)
    .where('remote_comment_id', '=', key.remoteCommentId)
    .executeTakeFirst()
}

export async function findLinkByMessage(
  db: Db,
  key: { organizationId: string; defectId: string; messageId: string },
): Promise<MessageLinkRow | undefined> {
  return db
    .selectFrom('message_link')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('defect_id', '=', key.defectId)
    .where('message_id', '=', key.messageId)
    .executeTakeFirst()
}

export async function listLinksOfDefect(
  db: Db,
  key: { organizationId: string; defectId: string },
): Promise<MessageLinkRow[]> {
  return db
    .selectFrom('message_link')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('defect_id', '=', key.defectId)
    .execute()
}

/** Links of some messages with what people want to know of them: tracker, address, and the operation that can be retried. */
export async function listLinksOfMessages(db: Db, key: { organizationId: string; messageIds: readonly string[] }) {
  if (key.messageIds.length === 0) return []
  return db
    .selectFrom('message_link')
    .innerJoin('defect', (join) =>
      join
        .onRef('defect.organization_id', '=', 'message_link.organization_id')
        .onRef('defect.id', '=', 'message_link.defect_id'),
    )
    .select([
      'message_link.message_id',
      'message_link.defect_id',
      'message_link.direction',
      'message_link.state',
      'message_link.error',
      'message_link.remote_comment_id',
      'defect.tracker',
      'defect.url',
      sql<string | null>`(select operation.id from operation
        where operation.organization_id = message_link.organization_id
          and operation.message_id = message_link.message_id and operation.defect_id = message_link.defect_id
          and operation.state in ('queued', 'waiting', 'failed')
        order by operation.created_at desc limit 1)`.as('operation_id'),
    ])
    .where('message_link.organization_id', '=', key.organizationId)
    .where(sql<boolean>`message_link.message_id = any(${[...key.messageIds]}::uuid[])`)
    .execute()
}

export type MessageLinkChange = {
  remoteCommentId?: string
  bodyHash?: string
  remoteUpdatedAt?: Date
  state?: MessageLinkRow['state']
  error?: string | null
}

export async function updateMessageLink(
  tx: Db,
  key: { organizationId: string; id: string; now: Date },
  change: MessageLinkChange,
): Promise<void> {
  await tx
    .updateTable('message_link')
    .set({
      updated_at: key.now,
      ...(change.remoteCommentId !== undefined && { remote_comment_id: change.remoteCommentId }),
      ...(change.bodyHash !== undefined && { body_hash: change.bodyHash }),
      ...(change.remoteUpdatedAt !== undefined && { remote_updated_at: change.remoteUpdatedAt }),
      ...(change.state !== undefined && { state: change.state }),
      ...(change.error !== undefined && { error: change.error }),
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}
