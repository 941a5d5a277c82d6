import { Button, Stack, Text } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { type MetricQuestion, metricQuery, metricsQuery } from '../../../api/metrics.ts'
import { ChartFrame, NoData } from '../../../ui/charts/chart-frame.tsx'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { StackedBars } from '../../../ui/charts/stacked-bars.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { type Answer, bucketLabels, coverageWords, type Metric } from './metric-words.ts'
import { shareOfSum } from './share-of-sum.ts'

const keys = ['new_lines', 'rework_lines', 'help_lines', 'refactored_lines'] as const

type WorkPanelProps = { readonly question: MetricQuestion; readonly onOpen: (metric: string) => void }
type Part = { readonly metric: Metric; readonly answer: Answer }

/** Whether changed lines are new, done over, another's, or old ones. */
export function WorkPanel({ question, onOpen }: WorkPanelProps) {
  const metrics = useQuery(metricsQuery)
  const answers = useQueries({ queries: keys.map((key) => metricQuery(key, question)) })
  const failed = answers.find(({ isError }) => isError)
  const parts = keys.flatMap((key, index) => {
    const metric = metrics.data?.find((one) => one.key === key)
    const answer = answers[index]?.data
    return metric === undefined || answer === undefined ? [] : [{ metric, answer }]
  })
  const isKnown = parts.some(({ answer }) => answer.n > 0)
  return (
    <Panel
      title="What lines are changed"
      lead="Changed lines of merged pull requests by the age and author of the lines that were there before, as git blame tells them."
    >
      {metrics.isError && <ProblemNote error={metrics.error} onRetry={() => void metrics.refetch()} />}
      {failed !== undefined && (
        <ProblemNote error={failed.error} onRetry={() => answers.forEach((one) => void one.refetch())} />
      )}
      {failed === undefined && !metrics.isError && parts.length < keys.length && <LoadingRows rows={4} />}
      {parts.length === keys.length && !isKnown && (
        <NoData>
          No pull request of this period has been traced line by line. This follows by itself once the repository’s code
          is read, the latest first; see under <AnchorLink to="/integrations">Integrations</AnchorLink> how far it is.
        </NoData>
      )}
      {parts.length === keys.length && isKnown && <Breakdown parts={parts} onOpen={onOpen} />}
    </Panel>
  )
}

function Breakdown({ parts, onOpen }: { readonly parts: readonly Part[] } & Pick<WorkPanelProps, 'onOpen'>) {
  const [first] = parts
  if (first === undefined) return null
  const labels = bucketLabels(first.answer)
  const shares = shareOfSum(parts.map(({ answer }) => answer.value))
  const rows = parts.map((part, index) => ({ ...part, share: shares[index] ?? null }))
  const words = rows.map(({ metric, share }) => `${metric.title} ${formatValue(share, 'ratio')}`).join(', ')
  return (
    <Stack gap="lg">
      <ChartFrame
        title="Changed lines"
        words={`${words}. ${coverageWords(first.metric, first.answer)}.`}
        fileName="changed-lines"
        table={{
          columns: ['From', ...parts.map(({ metric }) => `${metric.title} (lines)`)],
          rows: labels.map((label, index) => [
            label,
            ...parts.map(({ answer }) => answer.buckets[index]?.value ?? null),
          ]),
        }}
      >
        {(drawing) => (
          <StackedBars
            drawing={drawing}
            labels={labels}
            layers={parts.map(({ metric, answer }) => ({
              label: metric.title,
              values: answer.buckets.map(({ value }) => value),
            }))}
            // The word would not fit beside thousands.
            unit="count"
            counts={first.answer.buckets.map(({ n }) => n)}
            onOpen={() => onOpen(keys[0])}
          />
        )}
      </ChartFrame>
      <DataTable
        caption="Changed lines by kind"
        columns={columnsOf(onOpen)}
        rows={rows}
        rowKey={({ metric }) => metric.key}
      />
      <Text size="sm" c="dimmed">
        Own lines are those of people who opened the pull request or wrote one of its commits. Pull requests of more
        than 10,000 lines or 300 files are left out; of others some may not have been traced yet. Tracing reads the copy
        of the repository on this machine and asks Bitbucket nothing.
      </Text>
    </Stack>
  )
}

type Row = Part & { readonly share: number | null }

function columnsOf(onOpen: WorkPanelProps['onOpen']): Column<Row>[] {
  return [
    {
      key: 'kind',
      header: 'Kind',
      lead: true,
      cell: ({ metric }) => (
        <Button size="compact-sm" variant="subtle" onClick={() => onOpen(metric.key)}>
          {metric.title}
        </Button>
      ),
      width: '200px',
    },
    { key: 'what', header: 'What it is', label: 'What it is', cell: ({ metric }) => metric.description },
    {
      key: 'lines',
      header: 'Changed lines',
      label: 'Changed lines',
      align: 'right',
      cell: ({ answer, share }) => `${formatValue(answer.value, 'lines')} · ${formatValue(share, 'ratio')}`,
      width: '200px',
    },
  ]
}
