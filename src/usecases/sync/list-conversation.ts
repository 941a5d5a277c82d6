import type { ConversationItem } from '../../../contract/sync/conversation.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import {
  type ConversationPlace,
  listConversationPlaces,
  listEventsByIds,
  listMessagesByIds,
  listScans,
} from '../../store/sync/conversation.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { toVulnerabilityEvent } from '../security/vulnerabilities/list-vulnerability-events.ts'
import { type Reader, toMessageViews } from './message-views.ts'
import { parseTimePage, splitTimePage } from './time-cursor.ts'

type Page = { cursor?: string | undefined; limit?: number | undefined }

/** What was said of a vulnerability and what happened in between, newest first. Throws `not_found`. */
export async function listConversation(
  { db }: { db: Db },
  input: Reader & Page,
): Promise<{ items: ConversationItem[]; next: string | null }> {
  if ((await findStatus(db, input)) === undefined) throw new AppError('not_found', 'There is no such vulnerability.')
  const { after, limit } = parseTimePage(input)
  const { organizationId, memberId, vulnerabilityId } = input
  const places = await listConversationPlaces(db, { organizationId, vulnerabilityId, after, limit: limit + 1 })
  const { shown, next } = splitTimePage(places, limit, (place) => place.at)
  return { items: await toItems(db, { organizationId, memberId, vulnerabilityId }, shown), next }
}

async function toItems(db: Db, reader: Reader, places: readonly ConversationPlace[]): Promise<ConversationItem[]> {
  const { organizationId, vulnerabilityId } = reader
  const idsOf = (source: ConversationPlace['source']) =>
    places.filter((place) => place.source === source).map(({ id }) => id)
  const rows = await listMessagesByIds(db, { organizationId, ids: idsOf('message') })
  const messages = new Map((await toMessageViews(db, reader, rows)).map((one) => [one.id, one]))
  const events = new Map(
    (await listEventsByIds(db, { organizationId, ids: idsOf('event') })).map((one) => [one.id, one]),
  )
  const scans = new Map(
    (await listScans(db, { organizationId, vulnerabilityId, importIds: idsOf('scan') })).map((one) => [
      one.import_id,
      one,
    ]),
  )
  return places.flatMap(({ source, id, at: time }): ConversationItem[] => {
    const at = time.toISOString()
    const [message, event, scan] = [messages.get(id), events.get(id), scans.get(id)]
    switch (source) {
      case 'message':
        return message === undefined ? [] : [{ kind: 'message', id, at, message }]
      case 'event':
        return event === undefined ? [] : [{ kind: 'event', id, at, event: toVulnerabilityEvent(event) }]
      case 'scan':
        return scan === undefined ? [] : [{ kind: 'scan', id, at, scan }]
      default:
        return source satisfies never
    }
  })
}
