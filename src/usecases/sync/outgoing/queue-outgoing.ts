import type { OutgoingDelivery } from '../../../../contract/sync/outgoing-webhooks.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { announce } from '../../../store/sync/live-events.ts'
import {
  findOutgoingDelivery,
  insertOutgoingDelivery,
  type OutgoingDeliveryKey,
  updateOutgoingDelivery,
} from '../../../store/sync/outgoing-deliveries.ts'
import { type OutgoingWebhookKey, updateOutgoingWebhook } from '../../../store/sync/outgoing-webhooks.ts'
import { lockOutgoingWebhook } from './change-outgoing-webhook.ts'
import { deliveryMissing, toOutgoingDelivery } from './outgoing-views.ts'

type QueueDeps = { db: Db; clock: Clock; newId: NewId }
type Acting = OutgoingWebhookKey & { actor: { name: string } }

/** Throws `not_found`, `conflict` where it is disabled. */
export async function testOutgoingWebhook(deps: QueueDeps, acting: Acting): Promise<OutgoingDelivery> {
  const id = deps.newId()
  const eventId = deps.newId()
  const now = deps.clock()
  const data = { event_id: eventId, actor: { kind: 'member', name: acting.actor.name } }
  const { organizationId } = acting
  return deps.db.transaction().execute(async (tx) => {
    await lockActive(tx, acting)
    await insertOutgoingDelivery(tx, {
      organization_id: organizationId,
      id,
      webhook_id: acting.id,
      event_id: eventId,
      event_type: 'webhook.test',
      payload: JSON.stringify({ type: 'webhook.test', timestamp: now.toISOString(), data }),
      created_at: now,
    })
    return queueNow(tx, { organizationId, id, webhookId: acting.id })
  })
}

/** Throws `not_found`, `conflict` where its webhook is disabled. */
export async function resendOutgoingDelivery(
  { db }: Pick<QueueDeps, 'db'>,
  key: OutgoingDeliveryKey,
): Promise<OutgoingDelivery> {
  return db.transaction().execute(async (tx) => {
    const found = await findOutgoingDelivery(tx, key)
    if (found === undefined) throw deliveryMissing()
    await lockActive(tx, { organizationId: key.organizationId, id: found.webhook_id })
    await updateOutgoingDelivery(tx, key, { state: 'queued', attempts: 0 })
    return queueNow(tx, { ...key, webhookId: found.webhook_id })
  })
}

/** A person waits: whatever pause the webhook was in is over. */
async function queueNow(tx: Db, key: OutgoingDeliveryKey & { webhookId: string }): Promise<OutgoingDelivery> {
  const { organizationId } = key
  await updateOutgoingWebhook(tx, { organizationId, id: key.webhookId }, { next_attempt_at: null })
  await announce(tx, organizationId, [{ kind: 'delivery' }])
  const row = await findOutgoingDelivery(tx, key)
  if (row === undefined) throw deliveryMissing()
  return toOutgoingDelivery(row)
}

async function lockActive(tx: Db, key: OutgoingWebhookKey): Promise<void> {
  const { state } = await lockOutgoingWebhook(tx, key)
  if (state === 'disabled') throw new AppError('conflict', 'This webhook is disabled. Enable it first.')
}
