import { writeFigure } from '../../../domain/delivery/figure-words.ts'
import { leastValues } from '../../../domain/delivery/statistics.ts'
import type { MetricValue } from '../../../metrics/answer-metric.ts'
import type { Metric } from '../../../metrics/metric.ts'
import type { Week, WeekFigure } from '../../delivery/weekly/gather-week.ts'
import { type CallLine, oneLine } from './describe-calls.ts'

export type WeekText = { title: string; lines: CallLine[] }

const daySeconds = 86_400
const mostTeams = 3

/** A week in words: one paragraph for each part that has something to say. */
export function describeWeek(week: Week, { publicUrl, now }: { publicUrl: string; now: Date }): WeekText {
  const { figures } = week
  const analytics = (group: string) => `${publicUrl}/analytics?group=${group}`
  const worse = figures.filter((figure) => figure.isWorse)
  const title = `Weir: ${writeWhose(week)}, ${writeRange(week)}`
  const part = (head: string, shown: readonly WeekFigure[], group: string): CallLine => {
    return { head, text: writeFigures(shown), url: analytics(group), open: 'Open in Weir' }
  }
  const lines: CallLine[] = []
  if (worse.length > 0) lines.push(part('Got worse', worse, worse[0]?.metric.group ?? 'dora'))
  lines.push(
    part(
      'DORA',
      figures.filter(({ metric }) => metric.group === 'dora'),
      'dora',
    ),
  )
  lines.push(
    part(
      'Flow (medians)',
      figures.filter(({ metric }) => metric.group === 'flow'),
      'flow',
    ),
  )
  const aimed = figures.filter(({ metric }) => metric.group !== 'dora' && metric.group !== 'flow')
  if (aimed.length > 0) lines.push(part('Goals', aimed, aimed[0]?.metric.group ?? 'reviews'))
  if (week.oldest.length > 0) lines.push(writeOldest(week, { url: analytics('health'), now }))
  if (week.security.known) lines.push(writeSecurity(week, `${publicUrl}/vulnerabilities`))
  return { title, lines }
}

function writeWhose({ teams }: Week): string {
  if (teams.length === 0) return 'the week of your organization'
  const rest = teams.length - mostTeams
  const names = teams.slice(0, mostTeams).map(oneLine).join(', ')
  return `the week of ${names}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** `9 March to 15 March 2026`: its first and its last day. */
function writeRange({ range, timeZone }: Week): string {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'long' })
  const last = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'long', year: 'numeric' })
  return `${day.format(range.from)} to ${last.format(new Date(range.to.getTime() - 1))}`
}

function writeFigures(shown: readonly WeekFigure[]): string {
  const isKnown = shown.some(({ now, before }) => now.n + before.n > 0)
  return isKnown ? shown.map(writeLine).join('\n') : 'No data in either week.'
}

function writeLine({ metric, now, before, target }: WeekFigure): string {
  const goal = target === null ? '' : `, goal ${writeFigure(target, metric.unit)}`
  return `${metric.title}: ${writeValue(metric, now)}, the week before ${writeValue(metric, before)}${goal}`
}

/** A value with how many made it. Of too few nothing but their number, of none nothing at all. */
function writeValue({ unit, shape }: Metric, { value, n }: MetricValue): string {
  if (value !== null) return `${writeFigure(value, unit)} (n = ${n})`
  const isCounted = shape === 'count' || shape === 'rate' || shape === 'backlog'
  return n === 0 || isCounted ? 'no data' : `fewer than ${leastValues}, not shown (n = ${n})`
}

function writeOldest({ oldest, openPullRequests }: Week, { url, now }: { url: string; now: Date }): CallLine {
  const links = oldest.map(({ repository, number, webUrl, readyAt }) => {
    const age = writeFigure(Math.floor((now.getTime() - readyAt.getTime()) / 1000 / daySeconds) * daySeconds, 'seconds')
    const isDays = now.getTime() - readyAt.getTime() >= 2 * daySeconds * 1000
    return { words: `${oneLine(repository)} #${number}, open ${isDays ? age : 'less than 2 days'}`, url: webUrl }
  })
  const head = openPullRequests > oldest.length ? `Open longest, of ${openPullRequests} open` : 'Open pull requests'
  return { head, text: null, links: links.map((link) => keepWebAddress(link)), url, open: 'Open in Weir' }
}

/** What a remote calls an address need not be one that is safe to click. */
function keepWebAddress({ words, url }: { words: string; url: string }) {
  return { words, url: /^https?:\/\/\S+$/i.test(url) ? url : null }
}

function writeSecurity({ security: { opened, fixed, before, inProduction } }: Week, url: string): CallLine {
  const lines = [
    `Vulnerabilities opened: ${opened}, the week before ${before.opened}`,
    `Fixed: ${fixed}, the week before ${before.fixed}`,
  ]
  const { now, before: earlier } = inProduction
  if (now.n + earlier.n > 0) lines.push(`Fixed in production: ${now.n}, the week before ${earlier.n}`)
  if (now.value !== null) lines.push(`Median from found to fixed in production: ${writeFigure(now.value, 'seconds')}`)
  return { head: 'Security', text: lines.join('\n'), url, open: 'Open in Weir' }
}
