import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../lib/log.ts'
import { createRemember } from '../lib/remember.ts'
import { dropWaitingMail } from '../store/sync/outgoing-calls.ts'
import { composeCalls } from '../usecases/sync/calling/compose-calls.ts'
import { type SendCallsDeps, sendCall, takeDueCalls } from '../usecases/sync/calling/send-calls.ts'

/** Messages one process sends at a time. */
const mostAtOnce = 8
/** A mail that is being handed over may end; one that takes longer is sent again, under the same id. */
const handOverWithinMs = 3000

/** Everybody's week is due in the same hour; a figure may be so much older than its message. */
const weeksKnownMs = 10 * 60_000
const weeksKnown = 100

export type CallSender = {
  /** Makes messages of what waits, and takes up those that are due; their sending goes on after it resolved. */
  look: () => Promise<void>
  /** Breaks running requests off; what was not answered is sent again by the next. */
  stop: () => Promise<void>
}

/** Calls people outside of Weir. Any number of processes may: a message is one's at a time, by its lease. */
export function createCallSender(deps: SendCallsDeps & { log: Log }): CallSender {
  const running = new Set<Promise<void>>()
  const remember = createRemember({ clock: deps.clock, ttlMs: weeksKnownMs, limit: weeksKnown })
  const stopping = new AbortController()
  const { signal } = stopping
  return {
    look: async () => {
      if (deps.mail === undefined) await dropWaitingMail(deps.db)
      await composeCalls(deps)
      const limit = mostAtOnce - running.size
      if (limit === 0 || signal.aborted) return
      const by = deps.newId()
      for (const call of await takeDueCalls(deps, { by, limit })) {
        const work: Promise<void> = sendCall({ ...deps, remember }, { call, by, signal })
          .catch((error: unknown) => {
            if (!signal.aborted) deps.log.error({ err: error, call: call.id }, 'calling a member failed')
          })
          .finally(() => running.delete(work))
        running.add(work)
      }
    },
    stop: async () => {
      stopping.abort()
      await Promise.race([Promise.all(running), sleep(handOverWithinMs, undefined, { ref: false })])
    },
  }
}
