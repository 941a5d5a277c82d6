import type { Message } from '../../../contract/sync/messages.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { listThread } from '../../store/sync/messages.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { type Reader, toMessageViews } from './message-views.ts'
import { parseTimePage, splitTimePage } from './time-cursor.ts'

/** The thread of a vulnerability, oldest first. Throws `not_found`. */
export async function listMessages(
  { db }: { db: Db },
  input: Reader & { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: Message[]; next: string | null }> {
  if ((await findStatus(db, input)) === undefined) throw new AppError('not_found', 'There is no such vulnerability.')
  const { after, limit } = parseTimePage(input)
  const { organizationId, vulnerabilityId } = input
  const rows = await listThread(db, { organizationId, vulnerabilityId, after, limit: limit + 1 })
  const { shown, next } = splitTimePage(rows, limit, (row) => row.created_at)
  return { items: await toMessageViews(db, input, shown), next }
}
