import { deleteHook } from '../../bitbucket/readers/hooks.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { findRepository } from '../../store/remotes/repositories.ts'
import { findWebhook, updateWebhook, type WebhookKey, type WebhookRow } from '../../store/remotes/webhooks.ts'
import { announce } from '../../store/sync/live-events.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { mendWebhook, toHookSubject, type WebhookDeps, type WebhookPlace } from './ensure-webhook.ts'
import { openConnection, type RemoteDeps } from './open-connection.ts'
import { getWebhookView, type WebhookView } from './webhook-view.ts'

export type WebhookActionDeps = RemoteDeps & WebhookDeps
export type WebhookActionInput = WebhookKey & { actor: AuditActor }

const lane = 'person'

/** Looks at a hook in Bitbucket and puts it right. */
export async function repairWebhook(deps: WebhookActionDeps, input: WebhookActionInput): Promise<WebhookView> {
  const { place } = await openPlace(deps, input)
  await mendWebhook(deps, place, input)
  await auditWebhook(deps, input, 'webhook.repaired')
  return getWebhookView(deps, input)
}

/** Removes a hook in Bitbucket and here. */
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
    await deleteHook(place.client, { subject: toHookSubject(place), lane, uuid: row.remote_uuid })
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
  const opened = await openConnection(deps, { organizationId: key.organizationId, connectionId: row.connection_id })
  return { place: { ...opened, repository: await findPlaceRepository(deps, row) }, row }
}

/** The repository of a repository hook, as its place needs it. */
export async function findPlaceRepository(
  { db }: Pick<WebhookDeps, 'db'>,
  row: WebhookRow,
): Promise<WebhookPlace['repository']> {
  if (row.repository_id === null) return null
  const key = { organizationId: row.organization_id, repositoryId: row.repository_id }
  const repository = await findRepository(db, key)
  return repository === undefined ? null : { id: repository.id, remoteUuid: repository.remote_uuid }
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
