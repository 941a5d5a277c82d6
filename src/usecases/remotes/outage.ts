import { isOutage, probePauseS } from '../../domain/outage.ts'
import { remoteTitles } from '../../domain/remote-kind.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import {
  type ConnectionKey,
  type ConnectionRow,
  claimProbe,
  lockConnection,
  updateConnection,
} from '../../store/remotes/connections.ts'
import { resumeDeliveries } from '../../store/sync/deliveries.ts'
import { isDue } from '../../store/sync/due.ts'
import { announce } from '../../store/sync/live-events.ts'
import { resumeWaiting } from '../../store/sync/operations.ts'

type Deps = { db: Db; clock: Clock }

/** Counts one more request in a row that did not reach the remote; after several the queue is held but for probes. */
export async function countFailure(deps: Deps, key: ConnectionKey): Promise<void> {
  const now = deps.clock()
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockConnection(tx, key)
    if (row === undefined || row.state === 'disconnected') return
    const failures = row.failures_in_row + 1
    const since = row.failing_since ?? now
    const isHeld = isOutage(failures, now.getTime() - since.getTime())
    const probeAt = isHeld ? new Date(now.getTime() + probePauseS(failures) * 1000) : null
    const values = { failures_in_row: failures, failing_since: since, probe_at: probeAt }
    await updateConnection(tx, { ...key, now }, values)
    if (isHeld) await announce(tx, key.organizationId, [{ kind: 'connection', connection_id: key.connectionId }])
  })
}

/** The remote answers: failures are counted from the start again, and what was held goes on. */
export async function endOutage(deps: Deps, key: ConnectionKey): Promise<void> {
  const now = deps.clock()
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockConnection(tx, key)
    if (row === undefined || row.failures_in_row === 0) return
    await updateConnection(tx, { ...key, now }, { failures_in_row: 0, failing_since: null, probe_at: null })
    if (row.probe_at === null) return
    await resumeWaiting(tx, { ...key, now })
    await resumeDeliveries(tx, { ...key, now })
    await announce(tx, key.organizationId, [{ kind: 'connection', connection_id: key.connectionId }])
  })
}

/**
 * Lets one caller in at a time once a probe is due. Throws `remote_unavailable` (with `held_s`, seconds) for all others:
 * nothing was tried then.
 */
export async function requireNoOutage(deps: Deps, row: ConnectionRow): Promise<void> {
  if (row.probe_at === null) return
  const now = deps.clock()
  const next = new Date(now.getTime() + probePauseS(row.failures_in_row + 1) * 1000)
  const key = { organizationId: row.organization_id, connectionId: row.id, seen: row.probe_at, next }
  if (isDue(row.probe_at, now) && (await claimProbe(deps.db, key))) return
  const until = isDue(row.probe_at, now) ? next : row.probe_at
  throw new AppError(
    'remote_unavailable',
    `${remoteTitles[row.kind]} has not been reachable since ${toWords(row.failing_since ?? now)}. The work waits; Weir asks again by itself at ${toWords(until)}.`,
    { meta: { held_s: Math.ceil((until.getTime() - now.getTime()) / 1000) } },
  )
}

function toWords(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
