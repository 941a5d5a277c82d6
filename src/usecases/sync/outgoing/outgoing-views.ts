import type { OutgoingDelivery, OutgoingWebhook } from '../../../../contract/sync/outgoing-webhooks.ts'
import { type OutgoingEventType, outgoingEventTypes } from '../../../domain/outgoing/outgoing-event.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { type Page, type PageRequest, toPage } from '../../../store/page.ts'
import {
  findOutgoingDelivery,
  listOutgoingDeliveryRows,
  type OutgoingDeliveryKey,
  type OutgoingDeliveryRow,
} from '../../../store/sync/outgoing-deliveries.ts'
import {
  findOutgoingWebhook,
  listOutgoingWebhookRows,
  type OutgoingWebhookKey,
  type OutgoingWebhookRow,
} from '../../../store/sync/outgoing-webhooks.ts'
import { parseTimePage, splitTimePage } from '../time-cursor.ts'

type Deps = { db: Db; clock: Clock }

export async function listOutgoingWebhooks(
  { db, clock }: Deps,
  input: { organizationId: string; page: PageRequest },
): Promise<Page<OutgoingWebhook>> {
  const rows = await listOutgoingWebhookRows(db, input.organizationId, input.page)
  return toPage(rows, input.page.limit, (row) => toOutgoingWebhook(row, { queued: row.queued ?? 0, now: clock() }))
}

/** What is shown of a webhook: neither the whole address nor a secret. */
export function toOutgoingWebhook(
  row: OutgoingWebhookRow,
  { queued, now }: { queued: number; now: Date },
): OutgoingWebhook {
  const { previous_secret_until: until } = row
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    address: row.address,
    events: row.events.filter(isEventType),
    min_severity: row.min_severity,
    state: row.state,
    state_reason: row.state_reason,
    failing_since: row.failing_since?.toISOString() ?? null,
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    delivered_at: row.delivered_at?.toISOString() ?? null,
    previous_secret_until: until !== null && until > now ? until.toISOString() : null,
    queued,
    created_at: row.created_at.toISOString(),
  }
}

/** What the database holds may be older than the list. */
function isEventType(text: string): text is OutgoingEventType {
  return outgoingEventTypes.some((type) => type === text)
}

/** Throws `not_found`. */
export async function listOutgoingDeliveries(
  { db }: Pick<Deps, 'db'>,
  input: OutgoingWebhookKey & {
    cursor?: string | undefined
    limit?: number | undefined
    state?: OutgoingDeliveryRow['state'] | undefined
  },
): Promise<{ items: OutgoingDelivery[]; next: string | null }> {
  const { organizationId, id: webhookId, state } = input
  const { after, limit } = parseTimePage(input)
  if ((await findOutgoingWebhook(db, input)) === undefined) throw webhookMissing()
  const rows = await listOutgoingDeliveryRows(db, { organizationId, webhookId, state, after, limit: limit + 1 })
  const { shown, next } = splitTimePage(rows, limit, (row) => row.created_at)
  return { items: shown.map(toOutgoingDelivery), next }
}

/** Throws `not_found`. */
export async function getOutgoingDelivery({ db }: Pick<Deps, 'db'>, key: OutgoingDeliveryKey) {
  const row = await findOutgoingDelivery(db, key)
  if (row === undefined) throw deliveryMissing()
  return { ...toOutgoingDelivery(row), payload: row.payload, response_text: row.response_text }
}

export function toOutgoingDelivery(row: OutgoingDeliveryRow): OutgoingDelivery {
  return {
    id: row.id,
    event_id: row.event_id,
    event_type: row.event_type,
    state: row.state,
    attempts: row.attempts,
    response_status: row.response_status,
    error: row.error,
    created_at: row.created_at.toISOString(),
    attempted_at: row.attempted_at?.toISOString() ?? null,
  }
}

export const webhookMissing = () => new AppError('not_found', 'There is no outgoing webhook with this id.')
export const deliveryMissing = () => new AppError('not_found', 'There is no such event for an outgoing webhook.')
