import type { Notification } from '../../../contract/sync/notifications.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import { announce } from '../../store/sync/live-events.ts'
import { countUnread, listNotificationRows, markRead } from '../../store/sync/notifications.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { parseTimePage, splitTimePage } from './time-cursor.ts'

type Member = { organizationId: string; memberId: string }

/** A member's inbox, newest first, with the number of all that is unread. */
export async function listNotifications(
  { db }: { db: Db },
  input: Member & {
    cursor?: string | undefined
    limit?: number | undefined
    unread?: boolean | undefined
    kind?: Notification['kind'][] | undefined
  },
): Promise<{ items: Notification[]; next: string | null; unread: number }> {
  const { organizationId, memberId } = input
  const { after, limit } = parseTimePage(input)
  const filter = {
    organizationId,
    memberId,
    unreadOnly: input.unread === true,
    kinds: input.kind,
    after,
    limit: limit + 1,
  }
  const { shown, next } = splitTimePage(await listNotificationRows(db, filter), limit, (row) => row.created_at)
  const items = shown.map((row) => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    vulnerability: toVulnerability(row),
    asset_name: row.asset_name,
    count: row.vulnerability_count,
    read_at: row.read_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  }))
  return { items, next, unread: await countUnread(db, { organizationId, memberId }) }
}

type Row = Awaited<ReturnType<typeof listNotificationRows>>[number]

function toVulnerability({
  vulnerability_id: id,
  number,
  title,
  severity,
  status,
}: Row): Notification['vulnerability'] {
  if (id === null || number === null || title === null || severity === null || status === null) return null
  return { id, number, title, severity, status }
}

/** Marks some of a member's notifications as read, those of some kinds, or all of them. Answers what is still unread. */
export async function readNotifications(
  deps: { db: Db; clock: Clock },
  input: Member & { ids?: readonly string[] | undefined; kinds?: readonly Notification['kind'][] | undefined },
): Promise<{ unread: number }> {
  const { organizationId, memberId, ids, kinds } = input
  return deps.db.transaction().execute(async (tx) => {
    const which = { ...(ids !== undefined && { ids }), ...(kinds !== undefined && { kinds }) }
    const read = await markRead(tx, { organizationId, memberId, now: deps.clock(), ...which })
    if (read > 0) await announce(tx, organizationId, [{ kind: 'notification' }])
    return { unread: await countUnread(tx, { organizationId, memberId }) }
  })
}

/** Marks everything of one vulnerability as read for a member. Throws `not_found`. */
export async function markThreadRead(
  deps: { db: Db; clock: Clock },
  input: Member & { vulnerabilityId: string },
): Promise<void> {
  const { organizationId, memberId, vulnerabilityId } = input
  await deps.db.transaction().execute(async (tx) => {
    if ((await findStatus(tx, input)) === undefined) throw new AppError('not_found', 'There is no such vulnerability.')
    const read = await markRead(tx, { organizationId, memberId, vulnerabilityId, now: deps.clock() })
    if (read > 0) await announce(tx, organizationId, [{ kind: 'notification' }])
  })
}
