/** How many records are gone from the beginning of each log. */
export interface Forgotten {
  requests: number
  deliveries: number
}

/** What a log keeps at most; then its older half goes. Bodies of webhooks are large, requests are not. */
const most: Forgotten = { requests: 20_000, deliveries: 5000 }

interface Logs {
  requests: unknown[]
  deliveries: unknown[]
  forgotten: Forgotten
}

/** After a log has grown: forgets the older half of one that has too much, and how much that was is remembered. */
export function keepNewest(logs: Pick<Logs, 'forgotten'> & Partial<Logs>, name: keyof Forgotten): void {
  const log = logs[name] ?? []
  if (log.length <= most[name]) return
  log.splice(0, most[name] / 2)
  logs.forgotten[name] += most[name] / 2
}
