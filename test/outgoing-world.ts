import type { OutgoingEventType, OutgoingKind } from '../src/domain/outgoing/outgoing-event.ts'
import type { Severity } from '../src/domain/severity.ts'
import { createOutgoingSender } from '../src/jobs/outgoing-sender.ts'
import { createHttpClient } from '../src/lib/http-client.ts'
import { createSecretBox } from '../src/lib/secret-box.ts'
import { createOutgoingWebhook } from '../src/usecases/sync/outgoing/change-outgoing-webhook.ts'
import { createSyncWorld } from './sync-world.ts'
import { untilLetGo } from './until-let-go.ts'
import { startReceiver } from './webhook-receiver.ts'

/** A connected organization with a receiver outside, and a sender whose turn is `sendAll`. */
export async function createOutgoingWorld() {
  const world = await createSyncWorld({ mode: 'legacy' })
  const receiver = await startReceiver()
  const http = createHttpClient({ allowedPrivateAddresses: [receiver.host], timeoutMs: 2000 })
  const secretBox = createSecretBox([new Uint8Array(32).fill(7)])
  const settings = { allowedPrivateAddresses: [receiver.host] }
  const deps = { ...world.deps, http, secretBox, settings }
  const { organizationId } = world.ids
  const actor = { ...world.champion, memberId: world.ids.admin, name: 'Adam Admin', ipAddress: null }
  const create = (given: { events: OutgoingEventType[]; kind?: OutgoingKind; minSeverity?: Severity; url?: string }) =>
    createOutgoingWebhook(deps, {
      organizationId,
      actor,
      name: 'Receiver',
      kind: 'standard',
      url: receiver.url,
      minSeverity: 'notification',
      ...given,
    })
  const deliveries = (webhookId: string) =>
    world.db
      .selectFrom('outgoing_delivery')
      .selectAll()
      .where('webhook_id', '=', webhookId)
      .orderBy('created_at')
      .orderBy('event_id')
      .execute()
  /** One look, until all it began has ended. */
  const sendAll = async () => {
    const sender = createOutgoingSender(deps)
    await sender.look()
    await untilLetGo(world, 'outgoing_webhook')
    await sender.stop()
  }
  const rowOf = (id: string) =>
    world.db.selectFrom('outgoing_webhook').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return {
    ...world,
    deps,
    receiver,
    actor,
    create,
    deliveries,
    sendAll,
    rowOf,
    forget: async () => {
      await world.db.deleteFrom('outgoing_webhook').execute()
      await world.db.deleteFrom('notification').execute()
      receiver.received.length = 0
      Object.assign(receiver.state, { status: 204, headers: {}, text: '' })
    },
    close: async () => {
      await receiver.close()
      await http.close()
      await world.close()
    },
  }
}
