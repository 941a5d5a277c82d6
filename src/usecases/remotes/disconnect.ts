import { remoteTitles } from '../../domain/remote-kind.ts'
import { isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionKey, lockConnection, updateConnection } from '../../store/remotes/connections.ts'
import { listLiveWebhooks } from '../../store/remotes/webhooks.ts'
import { announce } from '../../store/sync/live-events.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'
import { openRemote } from './open-remote.ts'
import { sealCredential } from './stored-credential.ts'
import { findPlace, markRemoved, removeRemote, type WebhookActionDeps } from './webhook-actions.ts'

/**
 * Removes our hooks as far as the remote still lets us, then forgets the credential. Assets, vulnerabilities and their
 * links stay, and come to life again when the workspace is connected anew.
 */
export async function disconnect(
  deps: WebhookActionDeps,
  input: ConnectionKey & { actor: AuditActor },
): Promise<ConnectionView> {
  const left = await removeHooks(deps, input)
  await deps.db.transaction().execute((tx) => forget(deps, tx, { ...input, left }))
  return getConnectionView(deps, input)
}

/** How many hooks could not be removed at the remote; here they are refused either way. */
async function removeHooks(deps: WebhookActionDeps, key: ConnectionKey): Promise<number> {
  const hooks = await listLiveWebhooks(deps.db, key)
  let left = 0
  const opened = await openRemote(deps, key).catch((error: unknown) => {
    if (isAppError(error)) return undefined
    throw error
  })
  for (const row of hooks) {
    if (opened === undefined) left += 1
    else
      await removeRemote(await findPlace(deps, opened, row), row).catch((error: unknown) => {
        if (!isAppError(error)) throw error
        left += 1
      })
    await markRemoved(deps, row)
  }
  return left
}

async function forget(
  deps: WebhookActionDeps,
  tx: Db,
  input: ConnectionKey & { actor: AuditActor; left: number },
): Promise<void> {
  const row = await lockConnection(tx, input)
  if (row === undefined || row.state === 'disconnected') return
  const reason =
    input.left === 0
      ? null
      : `${input.left} webhooks could not be removed in ${remoteTitles[row.kind]}. Remove them there by hand; Weir refuses what they send.`
  await updateConnection(
    tx,
    { ...input, now: deps.clock() },
    {
      state: 'disconnected',
      state_reason: reason,
      sealed_credential: sealCredential(deps.secretBox, input, { kind: 'forgotten' }),
      credential_version: row.credential_version + 1,
      scopes_granted: [],
      scopes_missing: [],
      paused_until: null,
    },
  )
  await recordAudit(deps, tx, {
    organizationId: input.organizationId,
    actor: input.actor,
    action: 'connection.disconnected',
    target: { kind: 'connection', id: input.connectionId },
  })
  await announce(tx, input.organizationId, [{ kind: 'connection', connection_id: input.connectionId }])
}
