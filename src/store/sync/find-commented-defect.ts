import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { DefectRow } from './defects.ts'

/** A comment: its id, and that of an item it would be the first comment of. */
type CommentIds = { commentId: string; remoteId: string }

export type CommentedDefect = { kind: 'item' | 'reply'; defect: DefectRow }

/**
 * The defect a comment belongs to as far as we know: as its item, by its own id, or by the comment above it. `place`: where
 * in the container ids of comments count.
 */
export async function findCommentedDefect(
  db: Db,
  key: {
    organizationId: string
    tracker: string
    containerId: string
    place: Readonly<Record<string, unknown>>
    comment: CommentIds
    above: CommentIds | null
  },
): Promise<CommentedDefect | undefined> {
  const { organizationId, tracker, containerId, comment, above } = key
  // What people parted is none of ours, and may be another one's by now.
  const asItem = (rank: number, remoteId: string) => sql`
    select ${sql.lit(rank)} as rank, id from defect where organization_id = ${organizationId}::uuid and tracker = ${tracker}
      and container_id = ${containerId} and remote_id = ${remoteId} and unlinked_at is null`
  const asReply = (rank: number, commentId: string) => sql`
    select ${sql.lit(rank)}, defect_id from message_link
    where organization_id = ${organizationId}::uuid and remote_comment_id = ${commentId}`
  const ways = [asItem(1, comment.remoteId), asReply(2, comment.commentId)]
  if (above !== null) ways.push(asItem(3, above.remoteId), asReply(4, above.commentId))
  // Materialized: from its few rows the one way to the defect is by its key, whatever the planner knows of the tables.
  const { rows } = await sql<DefectRow & { rank: number }>`
    with way as materialized (${sql.join(ways, sql` union all `)})
    select way.rank, defect.* from way
    join defect on defect.organization_id = ${organizationId}::uuid and defect.id = way.id
    where defect.tracker = ${tracker} and defect.container_id = ${containerId}
      and (way.rank in (1, 3) or defect.remote @> ${JSON.stringify(key.place)}::jsonb)
    order by way.rank limit 1`.execute(db)
  const [found] = rows
  if (found === undefined) return undefined
  const { rank, ...defect } = found
  return { kind: rank === 1 ? 'item' : 'reply', defect }
}
