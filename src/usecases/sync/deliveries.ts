import * as z from 'zod'
import type { Delivery } from '../../../contract/sync/deliveries.ts'
import { deliveryBodyDays } from '../../domain/retention.ts'
import { describeLoss } from '../../domain/skip-loss.ts'
import { AppError } from '../../lib/app-error.ts'
import { redactFields, redactText } from '../../lib/log.ts'
import type { Db } from '../../store/db.ts'
import {
  type DeliveryRow,
  findDelivery,
  listInbound,
  listOutbound,
  reviveDelivery,
} from '../../store/sync/deliveries.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findLinkByMessage, updateMessageLink } from '../../store/sync/message-links.ts'
import { findMessage } from '../../store/sync/messages.ts'
import { findOperation, type OperationRow, reviveOperation } from '../../store/sync/operations.ts'
import { listReportLines, type ReportLine, reviveReports } from '../../store/sync/report-log.ts'
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

const reportKind = 'report_commit'
const everything = { states: undefined, connectionIds: undefined, vulnerabilityId: undefined, before: undefined }
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
export async function getDelivery({ db }: { db: Db }, key: Key): Promise<DeliveryDetail> {
  const line = await getLine(db, key)
  if (line.kind === reportKind && line.direction === 'out') return getReport(db, { line, key })
  const isIn = line.direction === 'in'
  const [row, operation] = isIn ? [await findDelivery(db, key), undefined] : [undefined, await findOperation(db, key)]
  return {
    ...line,
    content: isIn ? readBody(row) : await readPayload(db, operation),
    failed_attempts: readAttempts((row ?? operation)?.attempt_log),
    loss: line.can_skip ? describeLoss(operation?.kind ?? 'webhook') : null,
  }
}

async function getReport(db: Db, { line, key }: { line: Delivery; key: Key }): Promise<DeliveryDetail> {
  const [report] = await listReportLines(db, { ...key, ...everything, limit: 1 })
  return {
    ...line,
    content: report === undefined ? '' : describeReport(report),
    failed_attempts: readAttempts(report?.attempt_log),
    loss: line.can_skip ? describeLoss(reportKind) : null,
  }
}

type DeliveryDetail = Delivery & {
  content: string
  failed_attempts: { at: string; error_code: string; error: string }[]
  loss: string | null
}

const attemptLog = z.array(z.object({ at: z.string(), code: z.string(), sentence: z.string() }))

function readAttempts(log: unknown): DeliveryDetail['failed_attempts'] {
  const parsed = attemptLog.safeParse(log)
  return (parsed.data ?? []).map(({ at, code, sentence }) => ({ at, error_code: code, error: sentence }))
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
  const again = line.direction === 'in' ? replay : line.kind === reportKind ? retryReport : retry
  await deps.db.transaction().execute((tx) => again(deps, tx, key))
  return getLine(deps.db, key)
}

async function replay(deps: WriteDeps, tx: Db, { organizationId, id }: Key): Promise<void> {
  if ((await reviveDelivery(tx, { organizationId, id })) === undefined) return
  await deps.enqueue(tx, [{ name: 'process-deliveries', data: { organizationId, deliveryIds: [id] } }])
  await announce(tx, organizationId, [{ kind: 'delivery' }])
}

async function retryReport(deps: WriteDeps, tx: Db, { organizationId, id }: Key): Promise<void> {
  const revived = await reviveReports(tx, { organizationId, now: deps.clock(), limit: 1, which: { id } })
  if (revived.length === 0) throw new AppError('conflict', 'The commit was reported in the meantime.')
  await deps.enqueue(tx, [{ name: 'report-commit', data: { organizationId, commitReportId: id } }])
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
  const isReportWanted = input.direction !== 'in' && input.vulnerability_id === undefined
  const reports = isReportWanted ? (await listReportLines(db, filter)).map(toReportLine) : []
  return [...inbound, ...outbound, ...reports]
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

function toReportLine(row: ReportLine): Delivery {
  const isOver = row.state === 'done' || row.state === 'cancelled'
  const none = { vulnerability_id: null, vulnerability_number: null, vulnerability_title: null }
  return {
    ...common({ ...row, ...none, kind: reportKind, finished_at: row.state === 'queued' ? null : row.updated_at }),
    direction: 'out',
    state: row.state,
    outcome: isOver ? (row.error ?? `${row.asset_name}, ${row.branch}`) : null,
    error: isOver ? null : row.error,
    action: isOver ? 'none' : 'retry',
  }
}

function describeReport({ asset_name: asset, branch, commit_hash: commit, pull_request_id: pullRequest }: ReportLine) {
  return redactText(JSON.stringify({ asset, branch, commit, pull_request: pullRequest }, null, 2))
}

type CommonFields = Omit<Line, 'has_body' | 'former_attempts' | 'outcome'>

function common(row: CommonFields) {
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
    can_skip: row.state === 'failed',
  }
}

function readBody(row: DeliveryRow | undefined): string {
  const body = row?.body ?? null
  if (body === null) return bodyGone
  const text = Buffer.from(body).toString('utf8')
  try {
    return redactText(JSON.stringify(redactFields(JSON.parse(text)), null, 2))
  } catch {
    // Not JSON: shown as it came.
    return redactText(text)
  }
}

async function readPayload(db: Db, operation: OperationRow | undefined): Promise<string> {
  if (operation === undefined) return ''
  const message =
    operation.message_id === null
      ? undefined
      : await findMessage(db, { organizationId: operation.organization_id, id: operation.message_id })
  const shown = {
    kind: operation.kind,
    payload: operation.payload,
    ...(message !== undefined && { text: message.body }),
  }
  return redactText(JSON.stringify(redactFields(shown), null, 2))
}
