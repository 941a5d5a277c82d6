import { isAppError } from '../../lib/app-error.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import { ensureWebhook, type WebhookDeps } from './ensure-webhook.ts'
import type { RemoteDeps } from './open-connection.ts'
import { openRemote } from './open-remote.ts'

/** Makes the one webhook of a site right after it was connected; what keeps it away is tried again by the hourly check. */
export async function ensureSiteWebhook(deps: RemoteDeps & WebhookDeps, key: ConnectionKey): Promise<void> {
  try {
    const { connection, hooksOf } = await openRemote(deps, key)
    await ensureWebhook(deps, { connection, hooks: hooksOf(null), repositoryId: null })
  } catch (error) {
    // The connection is saved and says itself how it is.
    if (!isAppError(error)) throw error
    deps.log.warn({ connection_id: key.connectionId, code: error.code }, 'the webhook of a new connection was not made')
  }
}
