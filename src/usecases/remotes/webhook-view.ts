import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { type Page, parsePageRequest, toPage } from '../../store/page.ts'
import {
  listWebhookViews,
  type WebhookView as ViewRow,
  type WebhookHealth,
  type WebhookKey,
} from '../../store/remotes/webhooks.ts'

/** A webhook as the API answers it. */
export type WebhookView = ReturnType<typeof toWebhookView>

function toWebhookView(row: ViewRow) {
  return {
    id: row.id,
    subject: row.subject,
    repository_id: row.repository_id,
    repository_name: row.repository_name,
    url: row.url,
    events: row.events,
    health: row.health,
    health_reason: row.health_reason,
    last_delivery_at: row.last_delivery_at?.toISOString() ?? null,
    checked_at: row.checked_at?.toISOString() ?? null,
    missed_changes: row.missed_changes,
    test: toTest(row),
  }
}

/** The latest test, while it runs too. */
function toTest({ tested_at: at, test_outcome: outcome, test_ms: ms, test_note: note }: ViewRow) {
  return at === null || outcome === null ? null : { at: at.toISOString(), outcome, ms, note }
}

/** Throws `not_found`. */
export async function getWebhookView({ db }: { db: Db }, key: WebhookKey): Promise<WebhookView> {
  const [row] = await listWebhookViews(db, { ...key, page: { after: null, limit: 1 } })
  if (row === undefined) throw new AppError('not_found', 'There is no such webhook.')
  return toWebhookView(row)
}

export type ListWebhooksInput = {
  organizationId: string
  connectionId?: string | undefined
  health?: readonly WebhookHealth[] | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/** Live webhooks, or those of the given healths. */
export async function listWebhooks({ db }: { db: Db }, input: ListWebhooksInput): Promise<Page<WebhookView>> {
  const page = parsePageRequest(input)
  const rows = await listWebhookViews(db, {
    organizationId: input.organizationId,
    page,
    ...(input.connectionId === undefined ? {} : { connectionId: input.connectionId }),
    ...(input.health === undefined ? {} : { health: input.health }),
  })
  return toPage(rows, page.limit, toWebhookView)
}
