import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { OperationLane } from './operations.ts'

/** A lane without requests is without for those behind it too: they may use no more of the hour. */
const lanesBehind: Readonly<Record<OperationLane, readonly OperationLane[]>> = {
  person: ['person', 'status', 'bulk'],
  status: ['status', 'bulk'],
  bulk: ['bulk'],
}

export type PutOff = {
  organizationId: string
  connectionId: string
  lane: OperationLane
  until: Date
  code: string
  sentence: string
}

/**
 * Puts off what would be refused as one of its lane just was, in one statement: thousands that each find out for
 * themselves would be all the work there is. What somebody else works on is left to them.
 */
export async function putOffLane(tx: Db, { organizationId, connectionId, lane, ...to }: PutOff): Promise<void> {
  await sql`
    update operation set next_attempt_at = ${to.until}, error_code = ${to.code}, error = ${to.sentence}
    where organization_id = ${organizationId} and id in (
      select id from operation
      where organization_id = ${organizationId} and connection_id = ${connectionId} and state = 'queued'
        and lane = any(${[...lanesBehind[lane]]}) and next_attempt_at < ${to.until}
      order by id for update skip locked)`.execute(tx)
}
