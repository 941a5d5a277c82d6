import { Client, type ClientConfig, escapeIdentifier } from 'pg'
import type { Log } from '../lib/log.ts'
import { keepAlive } from './keep-alive.ts'

/** Called with the payload of each notification, and with undefined after a gap in which some may have been missed. */
export type NotificationHandler = (payload: string | undefined) => void

/** One connection of its own for LISTEN, opened at the first channel and made anew when it breaks. */
export type Listener = {
  /** Resolves when the channel is heard; answers how to stop. */
  listen: (channel: string, handler: NotificationHandler) => Promise<() => Promise<void>>
  close: () => Promise<void>
}

const shortestPauseMs = 100
const longestPauseMs = 5000

/** A listener for the server `config` names. */
export function createListener(config: ClientConfig, log: Log | undefined): Listener {
  const channels = new Map<string, Set<NotificationHandler>>()
  let client: Client | undefined
  let opening: Promise<Client> | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const open = async (): Promise<Client> => {
    const fresh = new Client({ ...config, application_name: 'weir listen', ...keepAlive })
    fresh.on('error', (error) => log?.warn({ err: error }, 'the connection that listens broke'))
    fresh.on('end', () => {
      if (client !== fresh) return
      client = undefined
      retry(shortestPauseMs)
    })
    fresh.on('notification', ({ channel, payload }) => tell(channels.get(channel) ?? [], payload ?? ''))
    await fresh.connect()
    for (const channel of channels.keys()) await fresh.query(`listen ${escapeIdentifier(channel)}`)
    client = fresh
    return fresh
  }
  const ensure = async (): Promise<Client> => {
    if (client !== undefined) return client
    opening ??= open().finally(() => {
      opening = undefined
    })
    return opening
  }
  const retry = (pauseMs: number): void => {
    if (isClosed || channels.size === 0) return
    timer = setTimeout(() => {
      ensure().then(
        () => [...channels.values()].forEach((handlers) => tell(handlers, undefined)),
        () => retry(Math.min(pauseMs * 2, longestPauseMs)),
      )
    }, pauseMs)
  }
  const unlisten = async (channel: string, handler: NotificationHandler): Promise<void> => {
    channels.get(channel)?.delete(handler)
    if (channels.get(channel)?.size !== 0) return
    channels.delete(channel)
    // A connection that breaks now forgets the channel as well.
    await client?.query(`unlisten ${escapeIdentifier(channel)}`).catch(() => undefined)
  }
  return {
    listen: async (channel, handler) => {
      const handlers = channels.get(channel) ?? new Set()
      channels.set(channel, handlers.add(handler))
      const connected = await ensure()
      await connected.query(`listen ${escapeIdentifier(channel)}`)
      return () => unlisten(channel, handler)
    },
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await opening?.catch(() => undefined)
      await client?.end().catch(() => undefined)
    },
  }
}

function tell(handlers: Iterable<NotificationHandler>, payload: string | undefined): void {
  for (const handler of handlers) handler(payload)
}
