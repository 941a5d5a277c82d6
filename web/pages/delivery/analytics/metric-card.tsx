import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type MetricQuestion, metricQuery } from '../../../api/metrics.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import classes from './analytics.module.css'
import { type Answer, bandWords, compareWords, countWords, goalWords, type Metric } from './metric-words.ts'

type MetricCardProps = {
  readonly metric: Metric
  readonly question: MetricQuestion
  readonly isChosen: boolean
  readonly onChoose: () => void
}

/** One figure in short; chosen, it is drawn below. */
export function MetricCard({ metric, question, isChosen, onChoose }: MetricCardProps) {
  const answer = useQuery(metricQuery(metric.key, question))
  const compared = answer.data === undefined ? undefined : compareWords(metric, answer.data)
  return (
    <button
      type="button"
      className={classes.card}
      aria-pressed={isChosen}
      onClick={onChoose}
      aria-busy={answer.isFetching}
    >
      <span className={classes.name}>{metric.title}</span>
      <span className={classes.number}>
        {answer.data === undefined ? '…' : formatValue(answer.data.value, metric.unit)}
      </span>
      <Text component="span" size="xs" className={classes.compared} data-tone={compared?.tone ?? 'calm'}>
        {compared?.words ?? wordsWithout(answer)}
      </Text>
      <Text component="span" size="xs" c="dimmed">
        {answer.data === undefined ? '' : footOf(metric, answer.data)}
      </Text>
    </button>
  )
}

/** Where there is no comparison: why. */
function wordsWithout({ data, isError }: { data: Answer | undefined; isError: boolean }): string {
  if (isError) return 'Could not be worked out'
  if (data === undefined) return ''
  if (data.value !== null) return 'Nothing to compare with'
  return data.n === 0 ? 'No data' : 'Too few to show'
}

function footOf(metric: Metric, answer: Answer): string {
  return [countWords(metric, answer), bandWords(metric, answer), goalWords(metric, answer)]
    .flatMap((words) => words ?? [])
    .join(' · ')
}
