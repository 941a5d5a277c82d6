import { type Selectable, sql } from 'kysely'
import { severities } from '../../domain/severity.ts'
import type { Db } from '../db.ts'
import type { SummaryReplyTable } from '../schema.gen.ts'
import type { SummaryRow } from './pull-request-summaries.ts'

export type SummaryReplyRow = Selectable<SummaryReplyTable>

/** Summaries that stand on a pull request: one for each asset of the repository. */
export async function listSummariesAt(
  db: Db,
  place: { organizationId: string; repositoryId: string; pullRequestId: string },
): Promise<SummaryRow[]> {
  return db
    .selectFrom('pull_request_summary as s')
    .innerJoin('asset as a', (join) =>
      join.onRef('a.organization_id', '=', 's.organization_id').onRef('a.id', '=', 's.asset_id'),
    )
    .selectAll('s')
    .where('a.organization_id', '=', place.organizationId)
    .where('a.repository_id', '=', place.repositoryId)
    .where('s.pull_request_id', '=', place.pullRequestId)
    .where('s.state', '=', 'written')
    .execute()
}

/** Pull requests of a connection whose summary was written since then, the latest first. */
export async function listLivelySummaries(
  db: Db,
  search: { organizationId: string; connectionId: string; since: Date; limit: number },
): Promise<{ repository_id: string; pull_request_id: string }[]> {
  const found = await sql<{ repository_id: string; pull_request_id: string }>`
    select r.id as repository_id, s.pull_request_id
    from repository r
    join asset a on a.organization_id = r.organization_id and a.repository_id = r.id and a.archived_at is null
    join pull_request_summary s on s.organization_id = a.organization_id and s.asset_id = a.id
    where r.organization_id = ${search.organizationId}::uuid and r.connection_id = ${search.connectionId}::uuid
      and r.state = 'here' and s.state = 'written' and s.updated_at >= ${search.since}::timestamptz
    group by r.id, s.pull_request_id
    order by max(s.updated_at) desc limit ${search.limit}`.execute(db)
  return found.rows
}

/** Of these summaries the one below which a comment stands that we know: an answer to it, or our own answer. */
export async function findSummaryOfReply(
  db: Db,
  search: { organizationId: string; summaryIds: readonly string[]; commentId: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('summary_reply')
    .select('summary_id')
    .where('organization_id', '=', search.organizationId)
    .where('summary_id', 'in', [...search.summaryIds])
    .where((where) =>
      where.or([where('remote_comment_id', '=', search.commentId), where('answer_comment_id', '=', search.commentId)]),
    )
    .executeTakeFirst()
  return row?.summary_id
}

type ReplyKey = { organizationId: string; summaryId: string }

export async function findSummaryReply(
  db: Db,
  key: ReplyKey & { commentId: string },
): Promise<SummaryReplyRow | undefined> {
  return db
    .selectFrom('summary_reply')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('summary_id', '=', key.summaryId)
    .where('remote_comment_id', '=', key.commentId)
    .executeTakeFirst()
}

/** Whether anything below this summary was answered before. */
export async function hasAnswer(db: Db, key: ReplyKey): Promise<boolean> {
  const row = await db
    .selectFrom('summary_reply')
    .select('id')
    .where('organization_id', '=', key.organizationId)
    .where('summary_id', '=', key.summaryId)
    .where('answer', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Takes an answer up, once; false when somebody has. */
export async function insertSummaryReply(
  tx: Db,
  reply: ReplyKey & { id: string; commentId: string; answer: string | null; now: Date },
): Promise<boolean> {
  const done = await tx
    .insertInto('summary_reply')
    .values({
      organization_id: reply.organizationId,
      id: reply.id,
      summary_id: reply.summaryId,
      remote_comment_id: reply.commentId,
      answer: reply.answer,
      created_at: reply.now,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'summary_id', 'remote_comment_id']).doNothing())
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function noteSummaryAnswer(
  db: Db,
  key: { organizationId: string; id: string; commentId: string },
): Promise<void> {
  await db
    .updateTable('summary_reply')
    .set({ answer_comment_id: key.commentId })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

const severityList = sql`array[${sql.join(severities.map((severity) => sql.lit(severity)))}]::text[]`

export type MeantVulnerability = { id: string; number: number; thread_url: string | null }

/**
 * The vulnerability an answer below a summary is kept with: the one it names, else the worst of the branch, open ones
 * first. Undefined when the branch has none.
 */
export async function findMeantVulnerability(
  db: Db,
  place: { organizationId: string; assetId: string; pullRequestId: string; number: number | null },
): Promise<MeantVulnerability | undefined> {
  const found = await sql<MeantVulnerability>`
    select v.id, v.number, d.url as thread_url
    from commit_report r
    join vulnerability v on v.organization_id = r.organization_id and v.asset_id = r.asset_id and v.branch = r.branch
    left join defect d on d.organization_id = v.organization_id and d.vulnerability_id = v.id and d.ended_at is null
    where r.organization_id = ${place.organizationId}::uuid and r.asset_id = ${place.assetId}::uuid
      and r.pull_request_id = ${place.pullRequestId} and v.merged_into is null
    order by (v.number is not distinct from ${place.number}::integer) desc,
      (v.status in ('created', 'identified', 'in_progress', 'awaiting_validation')) desc,
      array_position(${severityList}, v.severity), v.number
    limit 1`.execute(db)
  return found.rows[0]
}
