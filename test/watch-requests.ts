import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** Everything this process sends by undici to one of these hosts, as it goes out: method, path and body. */
export function watchRequests(hosts: readonly string[]) {
  const sent: string[] = []
  const note = (message: unknown): void => {
    const { request } = Object(message)
    const { origin, method, path, body } = Object(request)
    if (!hosts.includes(new URL(String(origin)).host)) return
    sent.push([method, path, body === null ? '' : Buffer.from(body).toString('utf8')].join(' '))
  }
  subscribe('undici:request:create', note)
  return { sent, stop: () => unsubscribe('undici:request:create', note) }
}
