import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import type { AcceptedDelivery } from '../../store/remotes/accepted-deliveries.ts'
import { noteRefusedDelivery } from '../../store/remotes/webhook-tests.ts'
import { findWebhookWithKind, noteDeliveryTime, type WebhookKey } from '../../store/remotes/webhooks.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { createCommitQueue } from './commit-deliveries.ts'
import { createDeliveryWaker } from './wake-for-deliveries.ts'
import { listWebhookSecrets } from './webhook-secret.ts'

/** `db` gives up a statement that is not answered: a commit that hangs would hold up all deliveries. */
export type IntakeDeps = { db: Db; enqueue: Enqueue; secretBox: SecretBox; clock: Clock; log: Log }

/** What a delivery is checked with. */
export type KnownWebhook = { kind: RemoteKind; connectionId: string; secrets: readonly string[] }

/**
 * The state of one process that takes deliveries in: secrets it has read lately, and deliveries that wait for the next
 * commit. One for a process.
 */
export type DeliveryIntake = {
  /** `fresh` reads the row again: a secret may have been replaced by another process. */
  findWebhook: (key: WebhookKey, fresh?: boolean) => Promise<KnownWebhook | undefined>
  /** Stores in one commit shared with whatever arrives meanwhile, then wakes the worker; answers whether it was new. Throws when that takes too long or too much waits. */
  store: (delivery: AcceptedDelivery) => Promise<boolean>
  /** Notes, soon, that a delivery was not signed as it should be: its hook may have lost its secret. */
  noteRefusal: (key: WebhookKey) => void
}

const secretsLiveMs = 5000
const hooksRememberedAtMost = 10_000
const arrivalNotedEveryMs = 30_000
const refusalNotedEveryMs = 60_000

type Remembered = { webhook: KnownWebhook; readMs: number; notedMs: number }

export function createDeliveryIntake(deps: IntakeDeps): DeliveryIntake {
  const remembered = new Map<string, Remembered>()
  const commit = createCommitQueue(deps.db)
  const wake = createDeliveryWaker(deps)

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
  const refusals = new Map<string, number>()
  const noteRefusal = (key: WebhookKey): void => {
    const name = `${key.organizationId} ${key.webhookId}`
    const now = deps.clock()
    // Whoever knows the address can send as much rubbish as they like: it costs one statement a minute.
    if (Math.abs(now.getTime() - (refusals.get(name) ?? 0)) < refusalNotedEveryMs) return
    if (refusals.size >= hooksRememberedAtMost) refusals.clear()
    refusals.set(name, now.getTime())
    noteRefusedDelivery(deps.db, { ...key, now }).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'a refused delivery could not be noted'),
    )
  }
  return {
    noteRefusal,
    findWebhook: async (key, fresh = false) => {
      const name = `${key.organizationId} ${key.webhookId}`
      const now = deps.clock()
      const memory = remembered.get(name)
      if (!fresh && memory !== undefined && isFresh(memory, now)) return memory.webhook
      const row = await findWebhookWithKind(deps.db, key)
      remembered.delete(name)
      if (row === undefined || row.health === 'removed') return undefined
      const secrets = listWebhookSecrets(deps.secretBox, row, now)
      const webhook = { kind: row.connection_kind, connectionId: row.connection_id, secrets }
      if (remembered.size >= hooksRememberedAtMost) remembered.clear()
      remembered.set(name, { webhook, readMs: now.getTime(), notedMs: memory?.notedMs ?? 0 })
      return webhook
    },
    store: async (delivery) => {
      const isNew = await commit(delivery)
      if (isNew) {
        wake([delivery])
        noteArrival(delivery)
      }
      return isNew
    },
  }
}

/** A clock that was set back would keep a secret that was replaced alive. */
function isFresh({ readMs }: Remembered, now: Date): boolean {
  return Math.abs(now.getTime() - readMs) < secretsLiveMs
}
