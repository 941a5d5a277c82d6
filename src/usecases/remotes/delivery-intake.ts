import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import { type AcceptedDelivery, insertDeliveries } from '../../store/remotes/accepted-deliveries.ts'
import { findWebhook, noteDeliveryTime, type WebhookKey } from '../../store/remotes/webhooks.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { createDeliveryWaker } from './wake-for-deliveries.ts'
import { listWebhookSecrets } from './webhook-secret.ts'

export type IntakeDeps = { db: Db; enqueue: Enqueue; secretBox: SecretBox; clock: Clock; log: Log }

/** What a delivery is checked with. */
export type KnownWebhook = { connectionId: string; secrets: readonly string[] }

/**
 * The state of one process that takes deliveries in: secrets it has read lately, and deliveries that wait for the next
 * commit. One for a process.
 */
export type DeliveryIntake = {
  /** `fresh` reads the row again: a secret may have been replaced by another process. */
  findWebhook: (key: WebhookKey, fresh?: boolean) => Promise<KnownWebhook | undefined>
  /** Stores in one commit shared with whatever arrives meanwhile, then wakes the worker; answers whether it was new. */
  store: (delivery: AcceptedDelivery) => Promise<boolean>
}

const secretsLiveMs = 5000
const hooksRememberedAtMost = 10_000
const batchAtMost = 200
/** Two commits under way: while one waits for the disk, the next fills. */
const commitsAtOnce = 2
const arrivalNotedEveryMs = 30_000

type Waiting = { delivery: AcceptedDelivery; settle: (isNew: boolean) => void; fail: (error: unknown) => void }
type Remembered = { webhook: KnownWebhook; untilMs: number; notedMs: number }

export function createDeliveryIntake(deps: IntakeDeps): DeliveryIntake {
  const remembered = new Map<string, Remembered>()
  const waiting: Waiting[] = []
  const wake = createDeliveryWaker(deps)
  let commits = 0

  const pump = (): void => {
    while (commits < commitsAtOnce && waiting.length > 0) {
      commits += 1
      void commit(deps, waiting.splice(0, batchAtMost)).finally(() => {
        commits -= 1
        pump()
      })
    }
  }
  const noteArrival = ({ organizationId, webhookId, receivedAt }: AcceptedDelivery): void => {
    const memory = remembered.get(`${organizationId} ${webhookId}`)
    const nowMs = receivedAt.getTime()
    if (memory === undefined || nowMs - memory.notedMs < arrivalNotedEveryMs) return
    memory.notedMs = nowMs
    const unlessSince = new Date(nowMs - arrivalNotedEveryMs)
    noteDeliveryTime(deps.db, { organizationId, webhookId, now: receivedAt, unlessSince }).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'the time of a delivery could not be noted'),
    )
  }
  return {
    findWebhook: async (key, fresh = false) => {
      const name = `${key.organizationId} ${key.webhookId}`
      const now = deps.clock()
      const memory = remembered.get(name)
      if (!fresh && memory !== undefined && memory.untilMs > now.getTime()) return memory.webhook
      const row = await findWebhook(deps.db, key)
      remembered.delete(name)
      if (row === undefined || row.health === 'removed') return undefined
      const webhook = { connectionId: row.connection_id, secrets: listWebhookSecrets(deps.secretBox, row, now) }
      if (remembered.size >= hooksRememberedAtMost) remembered.clear()
      remembered.set(name, { webhook, untilMs: now.getTime() + secretsLiveMs, notedMs: memory?.notedMs ?? 0 })
      return webhook
    },
    store: async (delivery) => {
      const stored = new Promise<boolean>((settle, fail) => {
        waiting.push({ delivery, settle, fail })
      })
      // After the present turn: what the same turn of the event loop brings goes into the same commit.
      setImmediate(pump)
      const isNew = await stored
      if (isNew) {
        wake([delivery])
        noteArrival(delivery)
      }
      return isNew
    },
  }
}

async function commit(deps: IntakeDeps, batch: readonly Waiting[]): Promise<void> {
  try {
    const added = await insertDeliveries(
      deps.db,
      batch.map((one) => one.delivery),
    )
    for (const { delivery, settle } of batch) settle(added.has(delivery.id))
  } catch (error) {
    // A row the database refuses (its hook was just removed) must not take the others with it; when the database itself
    // is away, everybody hears it at once.
    if (batch.length > 1 && isRefusedRow(error)) for (const one of batch) await commit(deps, [one])
    else for (const one of batch) one.fail(error)
  }
}

/** SQLSTATE classes 22 (data) and 23 (constraints). */
function isRefusedRow(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code)
}
