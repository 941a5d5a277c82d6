import type { Reading } from '../../contract/delivery/reading.ts'
import { figuresOf } from '../domain/delivery/feed-kinds.ts'

/** How far a connection is read, in lines: each repository, what it cost, what is missing, and when it will be done. */
export function describeReading(name: string, reading: Reading): string[] {
  const { repositories, repositories_read: read, records, requests, bad_records: bad } = reading
  const lines = [`${name}: ${read} of ${repositories} repositories read, ${records} records, ${requests} requests.`]
  for (const { repository, feeds } of reading.items) {
    const parts = feeds.map(({ kind, state, pages_read: page, pages_expected: pages }) => {
      const place = state === 'reading' ? ` ${page}${pages === null ? '' : ` of ${pages}`} pages` : ''
      return `${kind.replace('_', ' ')} ${state}${place}`
    })
    lines.push(`  ${repository?.full_name ?? 'workspace'}: ${parts.join(', ')}`)
  }
  if (repositories > reading.items.length) lines.push(`  … and ${repositories - reading.items.length} more`)
  if (bad > 0) lines.push(`${bad} records could not be understood; the connection's page lists them.`)
  for (const { scope, kinds } of reading.missing_scopes)
    lines.push(`The credential lacks ${scope}. With it: ${kinds.map((kind) => figuresOf[kind]).join('; ')}.`)
  if (reading.requests_remaining > 0) lines.push(describeRest(reading))
  return lines
}

function describeRest({ requests_remaining: left, requests_per_hour: perHour, done_at: doneAt }: Reading): string {
  const until = doneAt === null ? 'when it will be done cannot be said now' : `done about ${doneAt}`
  return `About ${left} requests to go, ${perHour} an hour: ${until}.`
}
