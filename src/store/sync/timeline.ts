import { sql } from 'kysely'
import type { Actor } from '../../domain/actor.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import { inChunks } from './in-chunks.ts'
import { recordOutgoing } from './record-outgoing.ts'

/** What the two-way sync adds to a vulnerability's history. */
export type TimelineEntry = {
  vulnerabilityId: string
  kind:
    | 'sent'
    | 'defect_created'
    | 'defect_linked'
    | 'defect_unlinked'
    | 'fields_taken'
    | 'defect_missing'
    | 'defect_found_again'
    | 'message_written'
    | 'note_written'
    | 'message_received'
    | 'message_edited'
    | 'message_deleted'
    | 'sync_conflict'
    | 'sync_failed'
    | 'sync_recovered'
  actor: Actor
  reason?: string
  before?: unknown
  after?: unknown
  defectId?: string
}

/** Writes lines of the history, and queues for the outside what they tell. */
export async function recordTimeline(
  deps: { newId: NewId },
  tx: Db,
  input: { organizationId: string; now: Date; entries: readonly TimelineEntry[] },
): Promise<void> {
  await inChunks(input.entries, (entries) => insertPiece(deps, tx, { ...input, entries }))
}

/** Whether the history says that this operation failed and asked for a person. */
export async function isFailureTold(
  db: Db,
  key: { organizationId: string; vulnerabilityId: string; operationId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('vulnerability_event')
    .select('id')
    .where('organization_id', '=', key.organizationId)
    .where('vulnerability_id', '=', key.vulnerabilityId)
    .where('kind', '=', 'sync_failed')
    .where(sql<boolean>`after ->> 'operation_id' = ${key.operationId}`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function insertPiece(
  deps: { newId: NewId },
  tx: Db,
  input: { organizationId: string; now: Date; entries: readonly TimelineEntry[] },
): Promise<string[]> {
  const rows = input.entries.map((entry) => ({ id: deps.newId(), entry }))
  await tx
    .insertInto('vulnerability_event')
    .values(
      rows.map(({ id, entry }) => ({
        organization_id: input.organizationId,
        id,
        vulnerability_id: entry.vulnerabilityId,
        kind: entry.kind,
        actor_kind: entry.actor.kind,
        actor_id: entry.actor.kind === 'member' ? entry.actor.memberId : null,
        actor_name: entry.actor.name,
        reason: entry.reason ?? null,
        before: entry.before === undefined ? null : JSON.stringify(entry.before),
        after: entry.after === undefined ? null : JSON.stringify(entry.after),
        import_id: entry.actor.kind === 'scan' ? entry.actor.importId : null,
        defect_id: entry.defectId ?? null,
        created_at: input.now,
      })),
    )
    .execute()
  const { organizationId, now } = input
  const eventIds = rows.map(({ id }) => id)
  await recordOutgoing(tx, { organizationId, now, eventIds })
  return eventIds
}
