import { remoteTitles } from '../../domain/remote-kind.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { type ConnectionKey, lockConnection, updateConnection } from '../../store/remotes/connections.ts'
import { deleteOldWindows } from '../../store/remotes/request-windows.ts'
import { listLiveWebhooks, updateWebhook, type WebhookRow } from '../../store/remotes/webhooks.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { announce } from '../../store/sync/live-events.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'
import {
  ensureWebhook,
  findHookFlaw,
  mendWebhook,
  toHealth,
  type WebhookDeps,
  type WebhookPlace,
} from './ensure-webhook.ts'
import { handOverMoved } from './hand-over-moved.ts'
import { makeWebhooksAgain } from './make-webhooks-again.ts'
import type { RemoteDeps } from './open-connection.ts'
import { type OpenRemote, openRemote } from './open-remote.ts'
import { proveWebhooks } from './prove-webhooks.ts'
import type { RemoteHook } from './remote-hooks.ts'
import { resumeWork } from './save-connection.ts'
import { findPlace } from './webhook-actions.ts'

export type CheckDeps = RemoteDeps & WebhookDeps & { enqueue: Enqueue }

/**
 * Checks credential, scopes and webhooks of a connection now and writes what it finds, also what is wrong: the answer
 * is the connection's state. With `repair` (the scheduled check) names of repositories are brought up to date, hooks
 * that are gone or switched off are mended, and what they missed is looked for.
 */
export async function checkConnection(
  deps: CheckDeps,
  input: ConnectionKey & { repair?: boolean },
): Promise<ConnectionView> {
  try {
    const opened = await openRemote(deps, { ...input, evenUnauthorized: true })
    await checkAll(deps, opened, input)
  } catch (error) {
    // The connection's state says it; a check that finds something wrong has done its work.
    if (!isStateOfConnection(error)) throw error
  }
  await updateConnection(deps.db, { ...input, now: deps.clock() }, { checked_at: deps.clock() })
  return getConnectionView(deps, input)
}

function isStateOfConnection(error: unknown): boolean {
  return (
    isAppError(error, 'remote_unauthorized') ||
    isAppError(error, 'remote_unavailable') ||
    isAppError(error, 'remote_rate_limited')
  )
}

async function checkAll(
  deps: CheckDeps,
  opened: OpenRemote,
  input: ConnectionKey & { repair?: boolean },
): Promise<void> {
  const { connection } = opened
  const columns = await opened.check()
  const now = deps.clock()
  await deps.db.transaction().execute(async (tx) => {
    const present = await lockConnection(tx, input)
    // Disconnected while the remote was asked: that stands, and what was found is about a forgotten credential.
    if (present === undefined || present.state === 'disconnected')
      throw new AppError('conflict', 'This connection was disconnected in the meantime.')
    await updateConnection(tx, { ...input, now }, columns)
    if (connection.state === 'unauthorized') await resumeWork(deps, tx, { ...input, now })
    await announce(tx, input.organizationId, [{ kind: 'connection', connection_id: input.connectionId }])
  })
  const checked = { ...opened, connection: { ...connection, ...columns } }
  if (input.repair === true) await tidy(deps, checked)
  const hooks = await listLiveWebhooks(deps.db, input)
  // A person who asks for a check wants it to work; the scheduled one leaves a webhook away that somebody removed.
  if (hooks.length === 0 && input.repair !== true) await makeAnew(deps, checked)
  let isAnyMended = false
  for (const row of hooks) {
    const place = await findPlace(deps, checked, row)
    const isWell = await checkWebhook(deps, place, row)
    if (isWell || input.repair !== true) continue
    const mended = await mendWebhook(deps, place, { organizationId: row.organization_id, webhookId: row.id })
    isAnyMended ||= mended.health === 'ok'
  }
  if (input.repair === true && (await proveWebhooks(deps, checked.connection))) isAnyMended = true
  // While a hook was away, deliveries were lost; and a person who asks for a check wants both sides compared now,
  // with what was deleted too.
  const { organizationId, connectionId } = input
  const full = input.repair === true ? {} : { full: true }
  if (isAnyMended || input.repair !== true)
    await deps.enqueue(deps.db, [{ name: 'reconcile-connection', data: { organizationId, connectionId, ...full } }])
}

/** A site has one hook, whatever is chosen there; those of Bitbucket go by the repositories that were chosen. */
async function makeAnew(deps: CheckDeps, { connection, hooksOf }: OpenRemote): Promise<void> {
  const key = { organizationId: connection.organization_id, connectionId: connection.id }
  if (connection.kind === 'bitbucket')
    await deps.db.transaction().execute(async (tx) => makeWebhooksAgain(deps, tx, key))
  else if (connection.workspace_uuid !== null)
    await ensureWebhook(deps, { connection, hooks: hooksOf(null), repositoryId: null })
}

/** What the hourly check does besides. */
async function tidy(deps: CheckDeps, opened: OpenRemote): Promise<void> {
  await opened.refresh()
  await handOverMoved(deps, opened.connection)
  const before = new Date(deps.clock().getTime() - 2 * 3_600_000)
  await deleteOldWindows(deps.db, { organizationId: opened.connection.organization_id, before })
}

/** Compares a hook with what it should be and writes its health. True when nothing is wrong. */
async function checkWebhook(deps: CheckDeps, place: WebhookPlace, row: WebhookRow): Promise<boolean> {
  const found = await lookAtHook(place, row)
  const isUnsure = row.health === 'changed' && found.health === 'ok'
  // A secret that may differ cannot be seen from outside: only a repair makes it sure again.
  if (!isUnsure) {
    const key = { organizationId: row.organization_id, webhookId: row.id, now: deps.clock() }
    await updateWebhook(deps.db, key, { health: found.health, health_reason: found.reason, checked_at: deps.clock() })
  }
  return found.health === 'ok' && !isUnsure
}

async function lookAtHook(
  place: WebhookPlace,
  row: WebhookRow,
): Promise<{ health: WebhookRow['health']; reason: string | null }> {
  let hooks: RemoteHook[]
  try {
    hooks = await place.hooks.list('status')
  } catch (error) {
    const refusal = toHealth(error, { kind: place.connection.kind, row })
    if (refusal === undefined) throw error
    return refusal
  }
  const hook = hooks.find((one) => one.uuid === row.remote_uuid || one.url === row.url)
  if (hook === undefined)
    return {
      health: 'missing',
      reason: `The webhook is no longer in ${remoteTitles[place.connection.kind]}. Repair makes it again.`,
    }
  return findHookFlaw(row, hook) ?? { health: 'ok', reason: null }
}
