import { AppError, isAppError } from '../../lib/app-error.ts'
import { findRepository } from '../../store/remotes/repositories.ts'
import { findWebhook, updateWebhook, type WebhookKey, type WebhookRow } from '../../store/remotes/webhooks.ts'
import { announce } from '../../store/sync/live-events.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { mendWebhook, type WebhookDeps, type WebhookPlace } from './ensure-webhook.ts'
import type { RemoteDeps } from './open-connection.ts'
import { type OpenRemote, openRemote } from './open-remote.ts'
import { getWebhookView, type WebhookView } from './webhook-view.ts'

export type WebhookActionDeps = RemoteDeps & WebhookDeps
export type WebhookActionInput = WebhookKey & { actor: AuditActor }

const lane = 'person'

/** Looks at a hook at the remote and puts it right. */
export async function repairWebhook(deps: WebhookActionDeps, input: WebhookActionInput): Promise<WebhookView> {
  const { place } = await openPlace(deps, input)
  await mendWebhook(deps, place, input)
  await auditWebhook(deps, input, 'webhook.repaired')
  return getWebhookView(deps, input)
}

/** Removes a hook at the remote and here. */
export async function removeWebhook(deps: WebhookActionDeps, input: WebhookActionInput): Promise<void> {
  const { place, row } = await openPlace(deps, input)
  await removeRemote(place, row)
  await markRemoved(deps, row)
  await auditWebhook(deps, input, 'webhook.removed')
}

/** Removes a hook at the remote; one that is gone already is as good. */
export async function removeRemote(place: WebhookPlace, row: WebhookRow): Promise<void> {
  if (row.remote_uuid === null) return
  try {
    await place.hooks.remove(lane, row.remote_uuid)
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
  }
}

/** From now on deliveries of the hook are refused. */
export async function markRemoved(deps: WebhookDeps, row: WebhookRow): Promise<void> {
  const key = { organizationId: row.organization_id, webhookId: row.id }
  await updateWebhook(
    deps.db,
    { ...key, now: deps.clock() },
    {
      health: 'removed',
      health_reason: null,
      remote_uuid: null,
      sealed_previous_secret: null,
      previous_secret_until: null,
    },
  )
  await announce(deps.db, row.organization_id, [{ kind: 'connection', connection_id: row.connection_id }])
}

/** A live hook and what is needed to speak about it with the remote. Throws `not_found`. */
export async function openPlace(
  deps: WebhookActionDeps,
  key: WebhookKey,
): Promise<{ place: WebhookPlace; row: WebhookRow }> {
  const row = await findWebhook(deps.db, key)
  if (row === undefined || row.health === 'removed') throw webhookMissing()
  const opened = await openRemote(deps, { organizationId: key.organizationId, connectionId: row.connection_id })
  return { place: await findPlace(deps, opened, row), row }
}

/** What a hook listens to, opened. */
export async function findPlace(
  { db }: Pick<WebhookDeps, 'db'>,
  { connection, hooksOf }: OpenRemote,
  row: WebhookRow,
): Promise<WebhookPlace> {
  const { organization_id: organizationId, repository_id: repositoryId } = row
  const repository = repositoryId === null ? undefined : await findRepository(db, { organizationId, repositoryId })
  return { connection, hooks: hooksOf(repository?.remote_uuid ?? null), repositoryId: repository?.id ?? null }
}

/** Writes down who did it. */
export async function auditWebhook(deps: WebhookActionDeps, input: WebhookActionInput, action: string): Promise<void> {
  await recordAudit(deps, deps.db, {
    organizationId: input.organizationId,
    actor: input.actor,
    action,
    target: { kind: 'webhook', id: input.webhookId },
  })
}

export function webhookMissing(): AppError {
  return new AppError('not_found', 'There is no such webhook.')
}
