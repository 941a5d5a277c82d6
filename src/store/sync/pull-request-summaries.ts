import type { Selectable } from 'kysely'
import type { Db } from '../db.ts'
import type { PullRequestSummaryTable } from '../schema.gen.ts'

export type SummaryRow = Selectable<PullRequestSummaryTable>

export type SummaryKey = { organizationId: string; assetId: string; pullRequestId: string }

export async function findSummary(db: Db, key: SummaryKey): Promise<SummaryRow | undefined> {
  return db
    .selectFrom('pull_request_summary')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('asset_id', '=', key.assetId)
    .where('pull_request_id', '=', key.pullRequestId)
    .executeTakeFirst()
}

/** Writes down that the comment is about to be made, so that an attempt after a broken one looks for it first. */
export async function beginSummary(db: Db, key: SummaryKey & { id: string; now: Date }): Promise<SummaryRow> {
  return db
    .insertInto('pull_request_summary')
    .values({
      organization_id: key.organizationId,
      id: key.id,
      asset_id: key.assetId,
      pull_request_id: key.pullRequestId,
      state: 'begun',
      updated_at: key.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function updateSummary(
  db: Db,
  key: { organizationId: string; id: string; now: Date },
  change: { state: 'written'; commentId: string; bodyHash: string } | { state: 'removed' },
): Promise<void> {
  await db
    .updateTable('pull_request_summary')
    .set({
      state: change.state,
      updated_at: key.now,
      ...(change.state === 'written' && { comment_id: change.commentId, body_hash: change.bodyHash }),
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}
