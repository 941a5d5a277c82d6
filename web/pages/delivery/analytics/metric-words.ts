import { type DoraFigure, doraBands, findDoraBand } from '../../../../src/domain/delivery/dora-bands.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import type { ChartTable } from '../../../ui/charts/save-chart.ts'
import { toWords } from '../../../ui/words.ts'

export type Metric = RouteResponse<'listMetrics'>[number]
export type Answer = RouteResponse<'getMetric'>

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' })
const dayMs = 86_400_000

const bandFigures: Partial<Record<string, DoraFigure>> = {
  lead_time_changes: 'lead_time',
  deployment_frequency: 'deployment_frequency',
  change_failure_rate: 'change_failure_rate',
  failed_deployment_recovery_time: 'recovery_time',
}
/** The latest year whose report has bands. */
const bandYear = Math.max(...doraBands.map(({ year }) => year))

/** `High by DORA 2024`: where a figure stands among those who answered that year's survey; nothing where it has no band. */
export function bandWords({ key }: Metric, { value }: Answer): string | undefined {
  const figure = bandFigures[key]
  const band = figure === undefined || value === null ? undefined : findDoraBand(bandYear, figure, value)
  return band === undefined ? undefined : `${toWords(band)} by DORA ${bandYear}`
}

const reasonWords: Record<string, string> = {
  bot_author: 'by programs',
  negative_span: 'that ended before they began',
  superseded: 'superseded',
  batch_merge: 'that share their merge with another',
  false_positive: 'false positives',
  risk_accepted: 'accepted as a risk',
  suppressed: 'suppressed',
  other_branch: 'not on the default branch',
  stopped: 'stopped by hand',
  expired: 'expired',
  too_many_lines: 'of more than 10,000 lines or 300 files',
  too_slow_to_blame: 'whose lines took too long to trace',
  files_missing: 'whose former files are not in the copy on disk',
  unknown_result: 'whose result is unknown',
}

/** Short names of the buckets: the day each begins, or the month. */
export function bucketLabels({ buckets }: Answer): string[] {
  return buckets.map(({ from, to }) => {
    const isMonth = Date.parse(to) - Date.parse(from) > 27 * dayMs && buckets.length > 12
    return (isMonth ? month : day).format(new Date(from))
  })
}

/** `↓ 12 % against the period before`, and whether that is good; nothing where one of both has no value. */
export function compareWords(
  metric: Metric,
  answer: Answer,
): { words: string; tone: 'good' | 'bad' | 'calm' } | undefined {
  const before = answer.previous?.value ?? null
  if (before === null || answer.value === null || before === 0) return undefined
  const share = (answer.value - before) / before
  const percent = Math.round(Math.abs(share) * 100)
  if (percent === 0) return { words: 'as in the period before', tone: 'calm' }
  const isDown = share < 0
  const words = `${isDown ? '↓' : '↑'} ${percent}% against the period before`
  const { direction } = metric.goal
  return { words, tone: direction === 'none' ? 'calm' : (direction === 'lower') === isDown ? 'good' : 'bad' }
}

const ratingWords = { green: 'goal reached', amber: 'near the goal', red: 'goal missed' } as const

/** `goal reached (at most 4 h)`; nothing where there is no goal or no value. */
export function goalWords({ unit, goal: { direction } }: Metric, { goal, rating }: Answer): string | undefined {
  if (goal === null || rating === null) return undefined
  return `${ratingWords[rating]} (${direction === 'lower' ? 'at most' : 'at least'} ${formatValue(goal.target, unit)})`
}

/** How many made a figure, and of how many where some have no value. */
export function countWords({ shape }: Metric, { n, coverage }: Answer): string {
  const isPart = shape !== 'count' && coverage.total > coverage.counted
  return isPart ? `n = ${n} of ${coverage.total}` : `n = ${n}`
}

/** What a figure was made of, and what was left out for which reason. */
export function coverageWords(metric: Metric, answer: Answer): string {
  const parts = [countWords(metric, answer)]
  for (const { reason, count } of answer.excluded) parts.push(`${count} left out: ${reasonWords[reason] ?? reason}`)
  if (answer.value === null && answer.n > 0) parts.push('too few to show')
  return parts.join(' · ')
}

/** A chart's sentence. */
export function chartWords(metric: Metric, answer: Answer): string {
  if (answer.n === 0) return `${metric.title}: nothing in this period.`
  const known = answer.buckets.filter(({ value }) => value !== null)
  const [first, last] = [known[0], known.at(-1)]
  const course =
    first === undefined || last === undefined || first === last
      ? ''
      : ` From ${formatValue(first.value, metric.unit)} at first to ${formatValue(last.value, metric.unit)} at last.`
  return `${formatValue(answer.value, metric.unit)}. ${coverageWords(metric, answer)}.${course}`
}

/** The figures behind a chart, bucket by bucket. */
export function tableOf(metric: Metric, answer: Answer): ChartTable {
  const labels = bucketLabels(answer)
  return {
    columns: ['From', `${metric.title} (${metric.unit})`, 'n'],
    rows: answer.buckets.map(({ value, n }, index) => [labels[index] ?? '', value, n]),
  }
}
