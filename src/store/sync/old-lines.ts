import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db.ts'
import { batchRows, inBatches } from '../in-batches.ts'

type Old = { organizationId: string; before: Date }

/** Takes the bodies out of deliveries that are over; their lines stay. */
export async function dropDeliveryBodies(db: Db, old: Old): Promise<void> {
  await inBatches(() =>
    changeOf(
      db,
      sql`
      update delivery set body = null where organization_id = ${old.organizationId}::uuid and id in (
        select id from delivery
        where organization_id = ${old.organizationId}::uuid and received_at < ${old.before} and body is not null and state <> 'received'
        order by received_at limit ${batchRows} for update skip locked)`,
    ),
  )
}

/** Deletes deliveries, also those that never could be processed: reconciliation has long done what they asked for. */
export async function deleteOldDeliveries(db: Db, old: Old): Promise<void> {
  await inBatches(() =>
    changeOf(
      db,
      sql`
      delete from delivery where organization_id = ${old.organizationId}::uuid and id in (
        select id from delivery where organization_id = ${old.organizationId}::uuid and received_at < ${old.before}
        order by received_at limit ${batchRows} for update skip locked)`,
    ),
  )
}

/** Deletes operations that are over. A failed one is not: it waits for a person, and others may wait behind it. */
export async function deleteEndedOperations(db: Db, old: Old): Promise<void> {
  await inBatches(() =>
    changeOf(
      db,
      sql`
      delete from operation where organization_id = ${old.organizationId}::uuid and id in (
        select id from operation
        where organization_id = ${old.organizationId}::uuid and state in ('done', 'cancelled') and finished_at < ${old.before}
        order by finished_at limit ${batchRows} for update skip locked)`,
    ),
  )
}

/** Deletes notifications, read or not. */
export async function deleteOldNotifications(db: Db, old: Old): Promise<void> {
  await inBatches(() =>
    changeOf(
      db,
      sql`
      delete from notification where organization_id = ${old.organizationId}::uuid and id in (
        select id from notification where organization_id = ${old.organizationId}::uuid and created_at < ${old.before}
        order by created_at limit ${batchRows} for update skip locked)`,
    ),
  )
}

/** Deletes what was told outside, and what never could be. */
export async function deleteOldOutgoing(db: Db, old: Old): Promise<void> {
  await inBatches(() =>
    changeOf(
      db,
      sql`
      delete from outgoing_delivery where organization_id = ${old.organizationId}::uuid and id in (
        select id from outgoing_delivery
        where organization_id = ${old.organizationId}::uuid and created_at < ${old.before}
        order by created_at limit ${batchRows} for update skip locked)`,
    ),
  )
}

/** Deletes messages to members that were sent or given up, and those that nobody could take for as long. */
export async function deleteOldCalls(db: Db, old: Old): Promise<void> {
  await inBatches(() =>
    changeOf(
      db,
      sql`
      delete from outgoing_call where organization_id = ${old.organizationId}::uuid and id in (
        select id from outgoing_call where organization_id = ${old.organizationId}::uuid and created_at < ${old.before}
        order by created_at limit ${batchRows} for update skip locked)`,
    ),
  )
}

async function changeOf(db: Db, statement: RawBuilder<unknown>): Promise<bigint> {
  return (await statement.execute(db)).numAffectedRows ?? 0n
}
