import type { Delivery } from '../../../contract/sync/deliveries.ts'
import { deliveryBodyDays } from '../../domain/retention.ts'
import { AppError } from '../../lib/app-error.ts'
import { redactFields, redactText } from '../../lib/log.ts'
import type { Db } from '../../store/db.ts'
import { findDelivery, listInbound, listOutbound, reviveDelivery } from '../../store/sync/deliveries.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findLinkByMessage, updateMessageLink } from '../../store/sync/message-links.ts'
import { findMessage } from '../../store/sync/messages.ts'
import { findOperation, type OperationRow, reviveOperation } from '../../store/sync/operations.ts'
import type { WriteDeps } from './sync-deps.ts'
import { parseTimePage, splitTimePage, type TimeCursor } from './time-cursor.ts'

export type ListDeliveriesInput = {
  organizationId: string
  cursor?: string | undefined
  limit?: number | undefined
  direction?: 'in' | 'out' | undefined
  state?: readonly string[] | undefined
  connection_id?: readonly string[] | undefined
  vulnerability_id?: string | undefined
}

const bodyGone = `What a webhook carried is kept for ${deliveryBodyDays} days; this is older, and gone.`

type Key = { organizationId: string; id: string }

/** The log of both directions, newest first. */
export async function listDeliveries(
  { db }: { db: Db },
  input: ListDeliveriesInput,
): Promise<{ items: Delivery[]; next: string | null }> {
  const { after, limit } = parseTimePage(input)
  const found = await readLog(db, { ...input, before: after, limit: limit + 1 })
  const { shown, next } = splitTimePage(found, limit, (row) => new Date(row.at))
  return { items: shown, next }
}

/** One line with what was sent or received, secrets removed. Throws `not_found`. */
export async function getDelivery({ db }: { db: Db }, key: Key): Promise<Delivery & { content: string }> {
  const line = await getLine(db, key)
  return { ...line, content: line.direction === 'in' ? await readBody(db, key) : await readPayload(db, key) }
}

/** Retries an operation or replays a webhook, now. Throws `not_found`, or `conflict` when there is nothing to do again. */
export async function retryDelivery(deps: WriteDeps, key: Key): Promise<Delivery> {
  const line = await getLine(deps.db, key)
  if (line.action === 'none' && line.direction === 'in' && (await findDelivery(deps.db, key))?.body === null)
    throw new AppError(
      'conflict',
      `${bodyGone} So it cannot be replayed; a check of the connection compares both sides.`,
    )
  if (line.action === 'none')
    throw new AppError(
      'conflict',
      `A delivery that is ${line.state} cannot be ${line.direction === 'in' ? 'replayed' : 'retried'}.`,
    )
  await deps.db.transaction().execute((tx) => (line.direction === 'in' ? replay(deps, tx, key) : retry(deps, tx, key)))
  return getLine(deps.db, key)
}

async function replay(deps: WriteDeps, tx: Db, { organizationId, id }: Key): Promise<void> {
  if ((await reviveDelivery(tx, { organizationId, id })) === undefined) return
  await deps.enqueue(tx, [{ name: 'process-deliveries', data: { organizationId, deliveryIds: [id] } }])
  await announce(tx, organizationId, [{ kind: 'delivery' }])
}

async function retry(deps: WriteDeps, tx: Db, key: Key): Promise<void> {
  const { organizationId } = key
  const now = deps.clock()
  const operation = await reviveOperation(tx, { ...key, now })
  if (operation === undefined) throw new AppError('conflict', 'The operation was finished in the meantime.')
  if (operation.message_id !== null) await requeueLink(tx, { operation, now })
  const data = { organizationId, defectId: operation.defect_id }
  await deps.enqueue(tx, [{ name: 'push-defect', data, lane: 'person' }])
  await announce(tx, organizationId, [
    { kind: 'delivery' },
    { kind: 'message', vulnerability_id: operation.vulnerability_id },
  ])
}

async function requeueLink(tx: Db, { operation, now }: { operation: OperationRow; now: Date }): Promise<void> {
  const organizationId = operation.organization_id
  const messageId = operation.message_id ?? ''
  const link = await findLinkByMessage(tx, { organizationId, defectId: operation.defect_id, messageId })
  if (link?.state !== 'failed') return
  const state = link.remote_comment_id === null ? ('queued' as const) : ('sent' as const)
  await updateMessageLink(tx, { organizationId, id: link.id, now }, { state, error: null })
}

async function getLine(db: Db, key: Key): Promise<Delivery> {
  const [line] = await readLog(db, { ...key, before: undefined, limit: 1 })
  if (line === undefined) throw new AppError('not_found', 'There is no such delivery.')
  return line
}

type Reading = ListDeliveriesInput & { id?: string; before: TimeCursor | undefined; limit: number }

async function readLog(db: Db, input: Reading): Promise<Delivery[]> {
  const filter = {
    organizationId: input.organizationId,
    states: input.state,
    connectionIds: input.connection_id,
    vulnerabilityId: input.vulnerability_id,
    before: input.before,
    limit: input.limit,
    ...(input.id !== undefined && { id: input.id }),
  }
  const inbound = input.direction === 'out' ? [] : (await listInbound(db, filter)).map(toInbound)
  const outbound = input.direction === 'in' ? [] : (await listOutbound(db, filter)).map(toOutbound)
  return [...inbound, ...outbound]
    .toSorted((one, other) => (one.at === other.at ? (one.id < other.id ? 1 : -1) : one.at < other.at ? 1 : -1))
    .slice(0, input.limit)
}

type Line = Awaited<ReturnType<typeof listInbound>>[number] | Awaited<ReturnType<typeof listOutbound>>[number]

function toInbound(row: Awaited<ReturnType<typeof listInbound>>[number]): Delivery {
  const action = !row.has_body || (row.state === 'received' && row.attempts === 0) ? 'none' : 'replay'
  const attempts = row.former_attempts + row.attempts
  return { ...common(row), direction: 'in', state: row.state, outcome: row.outcome, attempts, action }
}

function toOutbound(row: Awaited<ReturnType<typeof listOutbound>>[number]): Delivery {
  const isOver = row.state === 'done' || row.state === 'cancelled'
  return {
    ...common(row),
    direction: 'out',
    state: row.state,
    outcome: isOver ? row.error : null,
    error: isOver ? null : row.error,
    action: isOver ? 'none' : 'retry',
  }
}

function common(row: Line) {
  const { vulnerability_id: id, vulnerability_number: number, vulnerability_title: title } = row
  return {
    id: row.id,
    kind: row.kind,
    connection: { id: row.connection_id, name: row.connection_name },
    vulnerability: id === null || number === null || title === null ? null : { id, number, title },
    attempts: row.attempts,
    error_code: row.error_code,
    error: row.error,
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    at: row.at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  }
}

async function readBody(db: Db, key: Key): Promise<string> {
  const body = (await findDelivery(db, key))?.body ?? null
  if (body === null) return bodyGone
  const text = Buffer.from(body).toString('utf8')
  try {
    return redactText(JSON.stringify(redactFields(JSON.parse(text)), null, 2))
  } catch {
    // Not JSON: shown as it came.
    return redactText(text)
  }
}

async function readPayload(db: Db, key: Key): Promise<string> {
  const operation = await findOperation(db, key)
  if (operation === undefined) return ''
  const message =
    operation.message_id === null
      ? undefined
      : await findMessage(db, { organizationId: key.organizationId, id: operation.message_id })
  const shown = {
    kind: operation.kind,
    payload: operation.payload,
    ...(message !== undefined && { text: message.body }),
  }
  return redactText(JSON.stringify(redactFields(shown), null, 2))
}
