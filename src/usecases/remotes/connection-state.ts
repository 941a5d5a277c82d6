import type { RemoteKind } from '../../domain/remote-kind.ts'
import { pauseSeconds } from '../../domain/request-budget.ts'
import { describeMissing } from '../../jira/permissions.ts'
import type { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import {
  type ConnectionKey,
  type ConnectionRow,
  lockConnection,
  updateConnection,
} from '../../store/remotes/connections.ts'
import { remainingPauseMs } from '../../store/remotes/pause.ts'
import { announce } from '../../store/sync/live-events.ts'

type Deps = { db: Db; clock: Clock }

/** The state of a connection that works, by what it lacks. */
export function restingState({
  kind,
  missing,
  note = null,
}: {
  kind: RemoteKind
  missing: readonly string[]
  note?: string | null
}): Pick<ConnectionRow, 'state' | 'state_reason'> {
  const parts = [...describeLack(kind, missing), ...(note === null ? [] : [note])]
  return parts.length === 0
    ? { state: 'active', state_reason: null }
    : { state: 'limited', state_reason: parts.join(' ') }
}

function describeLack(kind: RemoteKind, missing: readonly string[]): string[] {
  switch (kind) {
    case 'bitbucket':
      return missing.length === 0
        ? []
        : [`The credential lacks ${missing.join(', ')}. Renew it with a credential that has them.`]
    case 'jira':
      return describeMissing(missing)
    default:
      return kind satisfies never
  }
}

/** Notes that the remote refuses the credential of this version; a renewed one is left alone. The queue waits from now on. */
export async function markUnauthorized(
  deps: Deps,
  key: ConnectionKey & { version: number },
  reason: string,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockConnection(tx, key)
    if (row === undefined || row.credential_version !== key.version) return
    if (row.state === 'unauthorized' || row.state === 'disconnected') return
    await updateConnection(tx, { ...key, now: deps.clock() }, { state: 'unauthorized', state_reason: reason })
    await announce(tx, key.organizationId, [{ kind: 'connection', connection_id: key.connectionId }])
  })
}

/** After a 429: nobody asks again before the pause is over. */
export async function pauseConnection(deps: Deps, key: ConnectionKey, retryAfterS: number | undefined): Promise<void> {
  const now = deps.clock()
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockConnection(tx, key)
    if (row === undefined) return
    // Requests that were under way together are one refusal, not several.
    const isPaused = remainingPauseMs(row.paused_until, now) > 0
    if (isPaused && retryAfterS === undefined) return
    const seconds = pauseSeconds(row.pause_seconds, retryAfterS)
    await updateConnection(
      tx,
      { ...key, now },
      { paused_until: new Date(now.getTime() + seconds * 1000), pause_seconds: seconds },
    )
    await announce(tx, key.organizationId, [{ kind: 'connection', connection_id: key.connectionId }])
  })
}

/** Notes that the remote cannot be reached; work is tried again with its own back-off. */
export async function markUnreachable(deps: Deps, key: ConnectionKey, error: AppError): Promise<void> {
  await changeState(deps, key, ['active', 'limited'], { state: 'unreachable', state_reason: error.detail })
}

/** Notes that the remote answers again. */
export async function markReachable(deps: Deps, row: ConnectionRow): Promise<void> {
  const key = { organizationId: row.organization_id, connectionId: row.id }
  if (row.pause_seconds > 0)
    await updateConnection(deps.db, { ...key, now: deps.clock() }, { pause_seconds: 0, paused_until: null })
  if (row.state === 'unreachable')
    await changeState(deps, key, ['unreachable'], restingState({ kind: row.kind, missing: row.scopes_missing }))
}

async function changeState(
  deps: Deps,
  key: ConnectionKey,
  from: readonly ConnectionRow['state'][],
  to: Pick<ConnectionRow, 'state' | 'state_reason'>,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockConnection(tx, key)
    if (row === undefined || !from.includes(row.state)) return
    await updateConnection(tx, { ...key, now: deps.clock() }, to)
    await announce(tx, key.organizationId, [{ kind: 'connection', connection_id: key.connectionId }])
  })
}
