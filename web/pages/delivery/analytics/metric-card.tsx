import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type MetricQuestion, metricQuery } from '../../../api/metrics.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { Icon } from '../../../ui/icon.tsx'
import classes from './analytics.module.css'
import { type Answer, bandWords, compareWords, countWords, goalWords, type Metric } from './metric-words.ts'

type MetricCardProps = {
  readonly metric: Metric
  readonly question: MetricQuestion
  /** What it is of although the page is narrowed by it, such as *all labels*. */
  readonly wider: readonly string[]
  readonly isChosen: boolean
  readonly onChoose: () => void
}

/** One figure in short; chosen, it is drawn below. */
export function MetricCard({ metric, question, wider, isChosen, onChoose }: MetricCardProps) {
  const answer = useQuery(metricQuery(metric.key, question))
  return <FigureCard metric={metric} answer={answer} wider={wider} isChosen={isChosen} onChoose={onChoose} />
}

type FigureCardProps = Omit<MetricCardProps, 'question' | 'wider'> & {
  readonly wider?: readonly string[]

  readonly answer: {
    readonly data: Answer | undefined
    readonly isError: boolean
    readonly isFetching: boolean
    readonly refetch: () => unknown
  }
}

/** The same for an answer that was asked for elsewhere. */
export function FigureCard({ metric, answer, wider = [], isChosen, onChoose }: FigureCardProps) {
  if (answer.isError && answer.data === undefined)
    return <FailedCard title={metric.title} onRetry={() => void answer.refetch()} />
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
        {answer.data === undefined ? '' : footOf(metric, answer.data, wider)}
      </Text>
    </button>
  )
}

type FailedCardProps = { readonly title: string; readonly onRetry: () => void }

/** One figure that could not be had does not take the others with it. */
function FailedCard({ title, onRetry }: FailedCardProps) {
  return (
    <div className={classes.card} data-failed>
      <span className={classes.name}>{title}</span>
      <Text size="sm">Could not be worked out.</Text>
      <Button
        size="compact-xs"
        variant="default"
        mt={4}
        onClick={onRetry}
        aria-label={`Try again: ${title}`}
        leftSection={<Icon name="refresh" size={13} />}
      >
        Try again
      </Button>
    </div>
  )
}

/** Where there is no comparison: why. */
function wordsWithout({ data }: { data: Answer | undefined }): string {
  if (data === undefined) return ''
  if (data.value !== null) return 'Nothing to compare with'
  return data.n === 0 ? 'No data' : 'Too few to show'
}

function footOf(metric: Metric, answer: Answer, wider: readonly string[]): string {
  return [countWords(metric, answer), bandWords(metric, answer), goalWords(metric, answer), ...wider]
    .flatMap((words) => words ?? [])
    .join(' · ')
}
