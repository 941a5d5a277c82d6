import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { statistics } from '../../../../src/domain/delivery/statistics.ts'
import { type MetricQuestion, type MetricScope, metricQuery } from '../../../api/metrics.ts'
import { ChartFrame, NoData } from '../../../ui/charts/chart-frame.tsx'
import { TimeSeries } from '../../../ui/charts/time-series.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { EachChart } from './each-chart.tsx'
import { MetricRows } from './metric-rows.tsx'
import { bucketLabels, chartWords, type Metric, tableOf } from './metric-words.ts'

type Statistic = (typeof statistics)[number]
const statisticWords: Record<Statistic, string> = { median: 'Median', p75: 'P75', p90: 'P90', mean: 'Mean' }

type MetricPanelProps = {
  readonly metric: Metric
  readonly question: MetricQuestion
  readonly scope: MetricScope
  /** Left out: the usual one of the figure. */
  readonly statistic: Statistic | undefined
  readonly onStatistic: (statistic: Statistic) => void
}

type Part = { from: string; to: string; label: string }

/** A figure over time, with the rows behind it or behind one of its parts. */
export function MetricPanel({ metric, question, scope, statistic, onStatistic }: MetricPanelProps) {
  const hasStatistic = metric.shape === 'distribution' || metric.shape === 'age'
  const answer = useQuery(metricQuery(metric.key, hasStatistic ? { ...question, statistic } : question))
  const [part, setPart] = useState<Part>()
  const [view, setView] = useState<'course' | 'each'>('course')
  return (
    <Panel>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start">
          <Text c="dimmed" maw={640}>
            {metric.description}
          </Text>
          <SegmentedControl
            size="xs"
            aria-label="Shown"
            value={view}
            onChange={(value) => setView(value === 'each' ? 'each' : 'course')}
            data={[
              { value: 'course', label: 'Over time' },
              { value: 'each', label: 'Each one' },
            ]}
          />
          {hasStatistic && view === 'course' && (
            <SegmentedControl
              size="xs"
              aria-label="Statistic"
              value={statistic ?? answer.data?.statistic ?? 'median'}
              onChange={(value) => onStatistic(statistics.find((one) => one === value) ?? 'median')}
              data={statistics.map((value) => ({ value, label: statisticWords[value] }))}
            />
          )}
        </Group>
        {answer.isPending && <LoadingRows rows={4} />}
        {answer.isError && <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />}
        {answer.data !== undefined && answer.data.n === 0 && (
          <NoData>
            Nothing in this period. Choose a longer one, or see under{' '}
            <AnchorLink to="/integrations">Integrations</AnchorLink> how far Bitbucket has been read.
          </NoData>
        )}
        {answer.data !== undefined && answer.data.n > 0 && view === 'each' && (
          <EachChart metric={metric} scope={scope} range={answer.data} />
        )}
        {answer.data !== undefined && answer.data.n > 0 && view === 'course' && (
          <ChartFrame
            title={metric.title}
            words={chartWords(metric, answer.data)}
            table={tableOf(metric, answer.data)}
            fileName={metric.key}
          >
            {(drawing) => (
              <TimeSeries
                drawing={drawing}
                labels={bucketLabels(answer.data)}
                lines={[
                  { label: metric.title, values: answer.data.buckets.map(({ value }) => value) },
                  ...(answer.data.buckets.some(({ goal }) => goal !== null)
                    ? [
                        {
                          label: 'Goal',
                          isFormer: true,
                          values: answer.data.buckets.map(({ goal }) => goal?.target ?? null),
                        },
                      ]
                    : []),
                ]}
                counts={answer.data.buckets.map(({ n }) => n)}
                unit={metric.unit}
                onOpen={(index) => {
                  const bucket = answer.data.buckets[index]
                  if (bucket !== undefined)
                    setPart({ from: bucket.from, to: bucket.to, label: bucketLabels(answer.data)[index] ?? '' })
                }}
              />
            )}
          </ChartFrame>
        )}
        {part !== undefined && (
          <Group gap="xs">
            <Text>Only what ended from {part.label} on.</Text>
            <Button size="compact-xs" variant="default" onClick={() => setPart(undefined)}>
              Show all
            </Button>
          </Group>
        )}
      </Stack>
      {answer.isSuccess && (
        <MetricRows metric={metric} scope={part === undefined ? scope : { ...scope, from: part.from, to: part.to }} />
      )}
    </Panel>
  )
}
