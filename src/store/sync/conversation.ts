import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { VulnerabilityEventTable } from '../schema.gen.ts'
import type { MessageRow } from './messages.ts'

type Key = { organizationId: string; vulnerabilityId: string }

/** What a place of the conversation is; `id` names a message, an event or an import. */
export type ConversationPlace = { source: 'message' | 'event' | 'scan'; id: string; at: Date }

/** What is told by the messages themselves. */
const toldByMessages = ['message_written', 'note_written', 'message_received', 'message_edited', 'message_deleted']

/** One page of messages, events and scans of a vulnerability, newest first. */
export async function listConversationPlaces(
  db: Db,
  {
    organizationId,
    vulnerabilityId,
    after,
    limit,
  }: Key & { after: { at: string; id: string } | undefined; limit: number },
): Promise<ConversationPlace[]> {
  const before = (time: string) =>
    after === undefined
      ? sql`true`
      : sql`(date_trunc('milliseconds', ${sql.ref(time)}), ${sql.ref(`${time.split('.')[0]}.id`)}) < (${after.at}::timestamptz, ${after.id}::uuid)`
  const newest = (time: string) =>
    sql`order by date_trunc('milliseconds', ${sql.ref(time)}) desc, id desc limit ${limit}`
  const found = await sql<ConversationPlace>`
    select source, id, at from (
      (select 'message' as source, m.id, m.created_at as at from message m
        where m.organization_id = ${organizationId}::uuid and m.vulnerability_id = ${vulnerabilityId}::uuid
          and ${before('m.created_at')} ${newest('m.created_at')})
      union all
      (select 'event', e.id, e.created_at as at from vulnerability_event e
        where e.organization_id = ${organizationId}::uuid and e.vulnerability_id = ${vulnerabilityId}::uuid
          and e.kind <> all(${toldByMessages}::text[]) and ${before('e.created_at')} ${newest('e.created_at')})
      union all
      (select 'scan', i.id, i.applied_at as at from import i
        where i.organization_id = ${organizationId}::uuid and i.state = 'applied' and i.applied_at is not null
          and i.id in (select ii.import_id from import_item ii
            where ii.organization_id = ${organizationId}::uuid and ii.outcome in ('kept', 'reopened', 'closed')
              and ii.finding_id in (select f.id from finding f
                where f.organization_id = ${organizationId}::uuid and f.vulnerability_id = ${vulnerabilityId}::uuid))
          and ${before('i.applied_at')} ${newest('i.applied_at')})) all_of_it
    ${newest('at')}`.execute(db)
  return found.rows
}

export async function listMessagesByIds(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<MessageRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('message')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('id', 'in', [...ids])
    .execute()
}

export async function listEventsByIds(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Selectable<VulnerabilityEventTable>[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('vulnerability_event')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('id', 'in', [...ids])
    .execute()
}

export type ScanRow = {
  import_id: string
  name: string
  branch: string
  commit_hash: string | null
  outcome: 'kept' | 'reopened' | 'closed'
  step: string
  place: string | null
}

/**
 * What some imports said of a vulnerability, one line each. Of several findings the one still there decides, and of those
 * one that moved.
 */
export async function listScans(
  db: Db,
  { organizationId, vulnerabilityId, importIds }: Key & { importIds: readonly string[] },
): Promise<ScanRow[]> {
  if (importIds.length === 0) return []
  const found = await sql<ScanRow>`
    select distinct on (i.id) i.id as import_id, coalesce(i.tool, i.file_name) as name, i.branch, i.commit_hash,
      ii.outcome, ii.step, ii.detail as place
    from finding f
    join import_item ii on ii.organization_id = f.organization_id and ii.finding_id = f.id
      and ii.import_id = any(${[...importIds]}::uuid[]) and ii.outcome in ('kept', 'reopened', 'closed')
    join import i on i.organization_id = ii.organization_id and i.id = ii.import_id
    where f.organization_id = ${organizationId}::uuid and f.vulnerability_id = ${vulnerabilityId}::uuid
    order by i.id, ii.outcome = 'reopened' desc, ii.outcome = 'kept' desc, ii.step = 'exact', ii.position`.execute(db)
  return found.rows
}
