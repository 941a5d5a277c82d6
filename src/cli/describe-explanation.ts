import type { MetricExplanation } from '../../contract/delivery/explain.ts'

const outcomeWords: Record<MetricExplanation['outcome'], string> = {
  counted: 'counted',
  no_value: 'it belongs here and has no value: it lowers the coverage',
  left_out: 'left out',
  not_part: 'it is no part of this figure',
}

/** An explanation in lines: what came of it, then every event, moment and phase, and how it came into production. */
export function describeExplanation(told: MetricExplanation): string[] {
  const { metric, subject, stored, bucket } = told
  const name = subject.number === null ? subject.title : `#${subject.number} ${subject.title}`
  const lines = [
    `${metric.title} of ${subject.repository.name} ${name}: ${formatValue(told.value, metric.unit)}`,
    told.left_out === null ? outcomeWords[told.outcome] : `left out: ${told.left_out.words}`,
    metric.description,
    ...(told.at === null
      ? []
      : [`It belongs to a range by ${told.at}${bucket === null ? '' : `, shown in ${bucket.from} to ${bucket.to}`}.`]),
    stored.is_current
      ? 'The figures on screen are made of the same.'
      : `The figures on screen are still made of ${formatValue(stored.value, metric.unit)}: what changed waits to be worked out.`,
    ...section(
      'What was told',
      told.events.map(
        (one) =>
          `${one.at ?? 'at no known time'}  ${one.what}${one.by === null ? '' : ` of ${one.by}`} (${one.from}): ${one.rule}`,
      ),
    ),
    ...section(
      'Moments',
      told.moments.map((one) => `${one.name}: ${one.at ?? 'none'}: ${one.words}`),
    ),
    ...section(
      'Phases',
      told.phases.map((one) => `${one.name}, ${one.from} to ${one.to}: ${formatValue(one.seconds, 'seconds')}`),
    ),
    ...section(
      'To know',
      told.flags.map(({ flag, words }) => `${flag}: ${words}`),
    ),
    ...section('Into production', told.deployment),
  ]
  return lines.map(toLine)
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)]
}

function formatValue(value: number | null, unit: MetricExplanation['metric']['unit']): string {
  if (value === null) return 'none'
  return unit === 'seconds' ? `${(value / 3600).toFixed(1)} h (${value} s)` : `${value} ${unit.replace('_', ' ')}`
}

/** Names and titles are a stranger's: what would steer a terminal, or break the line, is shown as a space. */
function toLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
}
