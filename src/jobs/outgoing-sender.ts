import type { Log } from '../lib/log.ts'
import { leaseDueWebhooks } from '../store/sync/outgoing-webhooks.ts'
import { leaseMs, type SendOutgoingDeps, sendOutgoing } from '../usecases/sync/outgoing/send-outgoing.ts'

/** Webhooks one process writes to at a time: a slow receiver holds up its own events alone. */
const mostAtOnce = 8

export type OutgoingSender = {
  /** Takes up webhooks for which something waits; their sending goes on after it resolved. */
  look: () => Promise<void>
  /** Breaks running requests off and waits for their end; what was not answered is sent again by the next. */
  stop: () => Promise<void>
}

/** Sends what waits for the outside. Any number of processes may: a webhook is one's at a time, by its lease. */
export function createOutgoingSender(deps: SendOutgoingDeps & { log: Log }): OutgoingSender {
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  const { signal } = stopping
  return {
    look: async () => {
      const limit = mostAtOnce - running.size
      if (limit === 0 || signal.aborted) return
      const by = deps.newId()
      const now = deps.clock()
      const due = await leaseDueWebhooks(deps.db, { by, now, until: new Date(now.getTime() + leaseMs), limit })
      for (const webhook of due) {
        const work: Promise<void> = sendOutgoing(deps, { webhook, by, signal })
          .catch((error: unknown) => {
            if (!signal.aborted) deps.log.error({ err: error, webhook: webhook.id }, 'sending to the outside failed')
          })
          .finally(() => running.delete(work))
        running.add(work)
      }
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
    },
  }
}
