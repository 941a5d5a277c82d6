import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../store/db.ts'
import { type AcceptedDelivery, insertDeliveries } from '../../store/remotes/accepted-deliveries.ts'

/** Stores one delivery, together with those that came meanwhile; answers whether it was new. */
export type CommitDelivery = (delivery: AcceptedDelivery) => Promise<boolean>

const batchAtMost = 200
/** Bodies in memory; a hundred times what a busy minute brings when the database answers. */
const bytesAtMost = 64 * 1024 * 1024
/** By then whoever sent it has been told to send it again. */
const waitsAtMostMs = 7000

type Waiting = {
  delivery: AcceptedDelivery
  /** On the monotonic clock. */
  untilMs: number
  settle: (isNew: boolean) => void
  fail: (error: unknown) => void
}

/** The deliveries of one process that wait for a commit. */
export function createCommitQueue(db: Db): CommitDelivery {
  const waiting: Waiting[] = []
  let isCommitting = false
  let bytes = 0

  const dropGivenUp = (): void => {
    const nowMs = performance.now()
    const stillWaits = waiting.findIndex((one) => one.untilMs > nowMs)
    for (const { fail } of waiting.splice(0, stillWaits === -1 ? waiting.length : stillWaits))
      fail(new Error(`No commit began within ${waitsAtMostMs} ms.`))
  }
  const pump = (): void => {
    dropGivenUp()
    if (isCommitting || waiting.length === 0) return
    // One at a time: while it waits for the disk the next one fills, and few full commits cost less than many small ones.
    isCommitting = true
    void commit(db, waiting.splice(0, batchAtMost)).finally(() => {
      isCommitting = false
      pump()
    })
  }
  return async (delivery) => {
    const size = delivery.body.length
    if (bytes + size > bytesAtMost) throw new Error(`More than ${bytesAtMost} bytes of deliveries wait already.`)
    bytes += size
    const stored = new Promise<boolean>((settle, fail) => {
      waiting.push({ delivery, untilMs: performance.now() + waitsAtMostMs, settle, fail })
    })
    // After the present turn: what the same turn of the event loop brings goes into the same commit.
    setImmediate(pump)
    try {
      return await stored
    } finally {
      bytes -= size
    }
  }
}

async function commit(db: Db, batch: readonly Waiting[]): Promise<void> {
  try {
    settle(batch, await insert(db, batch))
  } catch (error) {
    // A row the database refuses (its hook was just removed) must not take the others with it; when the database itself
    // is away, everybody hears it at once.
    if (batch.length > 1 && isRefusedRow(error)) await commitEach(db, batch)
    else for (const one of batch) one.fail(error)
  }
}

async function commitEach(db: Db, batch: readonly Waiting[]): Promise<void> {
  let away: { error: unknown } | undefined
  for (const one of batch) {
    if (away !== undefined) {
      one.fail(away.error)
      continue
    }
    try {
      settle([one], await insert(db, [one]))
    } catch (error) {
      one.fail(error)
      if (!isRefusedRow(error)) away = { error }
    }
  }
}

function settle(batch: readonly Waiting[], added: ReadonlySet<string>): void {
  for (const one of batch) one.settle(added.has(one.delivery.id))
}

async function insert(db: Db, batch: readonly Waiting[]): Promise<Set<string>> {
  // Two processes that store the same deliveries wait for each other's rows: in one order they cannot wait in a circle.
  const deliveries = batch.map((one) => one.delivery).toSorted(byRow)
  try {
    return await insertDeliveries(db, deliveries)
  } catch (error) {
    if (sqlState(error) !== deadlock) throw error
    // The other one goes first now: at once again, the two could meet in the same circle.
    await sleep(givesWayMs)
    return insertDeliveries(db, deliveries)
  }
}

function byRow(one: AcceptedDelivery, other: AcceptedDelivery): number {
  return compare(one.bodySha256, other.bodySha256) || compare(one.webhookId, other.webhookId)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

const deadlock = '40P01'
const givesWayMs = 100

/** SQLSTATE classes 22 (data) and 23 (constraints). */
function isRefusedRow(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error))
}

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
