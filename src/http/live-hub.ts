import type { LiveEvent } from '../domain/live-event.ts'
import type { Log } from '../lib/log.ts'
import { accessChannel } from '../store/access/access-changes.ts'
import type { OpenDatabase } from '../store/db.ts'
import { liveChannel } from '../store/sync/live-events.ts'

/** An open page, as the hub sees it. */
export type Subscriber = {
  onEvent: (event: LiveEvent) => void
  /** Roles, logins or tokens of the organization changed. */
  onAccessChange: () => void
  /** Some events may have been missed, or the process stops: whoever listens should come again and fetch anew. */
  onEnd: () => void
}

/** One listener of the database for all open pages of the process, told apart by organization. */
export type LiveHub = {
  subscribe: (organizationId: string, subscriber: Subscriber) => () => void
  count: () => number
  close: () => Promise<void>
}

export async function createLiveHub(deps: { listen: OpenDatabase['listen']; log: Log }): Promise<LiveHub> {
  const rooms = new Map<string, Set<Subscriber>>()
  const everybody = (): Subscriber[] => [...rooms.values()].flatMap((room) => [...room])
  const endAll = (): void => everybody().forEach((subscriber) => subscriber.onEnd())
  const onLive = (payload: string | undefined): void => {
    if (payload === undefined) return endAll()
    const message = parseMessage(payload)
    if (message === undefined) return deps.log.warn('a live event cannot be read')
    for (const subscriber of rooms.get(message.organization_id) ?? []) subscriber.onEvent(message.event)
  }
  const onAccess = (payload: string | undefined): void => {
    const room = payload === undefined ? everybody() : [...(rooms.get(payload) ?? [])]
    for (const subscriber of room) subscriber.onAccessChange()
  }
  const stops = [await deps.listen(liveChannel, onLive), await deps.listen(accessChannel, onAccess)]
  return {
    subscribe: (organizationId, subscriber) => {
      const room = rooms.get(organizationId) ?? new Set()
      rooms.set(organizationId, room.add(subscriber))
      return () => {
        room.delete(subscriber)
        if (room.size === 0 && rooms.get(organizationId) === room) rooms.delete(organizationId)
      }
    },
    count: () => everybody().length,
    close: async () => {
      endAll()
      for (const stop of stops) await stop()
    },
  }
}

type Message = { organization_id: string; event: LiveEvent }

function parseMessage(payload: string): Message | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `announce` alone, in the shape of its type
    return JSON.parse(payload) as Message
  } catch {
    return undefined
  }
}
