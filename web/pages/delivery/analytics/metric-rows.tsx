import { Box, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { type MetricScope, metricRowPages } from '../../../api/metrics.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ExternalLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { toWords } from '../../../ui/words.ts'
import { ExplainButton } from './explain-dialog.tsx'
import type { Metric } from './metric-words.ts'

type Row = RouteResponse<'listMetricRows'>['items'][number]

const flagWords: Record<string, string> = {
  approximate_end: 'End not exactly known',
  draft_unknown: 'Draft time not known',
  commit_after_open: 'First commit after opening',
  stale_commit: 'Has much older commits',
}

const subjectWords: Record<Metric['subject'], string> = { pull_request: 'Pull request', deployment: 'Deployment' }

/** What made a figure, latest first. */
export function MetricRows({ metric, scope }: { readonly metric: Metric; readonly scope: MetricScope }) {
  const list = useInfiniteQuery({ ...metricRowPages(metric.key, scope), placeholderData: keepPreviousData })
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  if (list.isPending) return <LoadingRows rows={4} />
  if (list.isError) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
  if (rows.length === 0) return null
  return (
    <Box mt="md">
      <DataTable
        caption={`What made ${metric.title}`}
        columns={columnsOf(metric)}
        rows={rows}
        rowKey={({ id }) => id}
      />
      <LoadMore shown={rows.length} one={subjectWords[metric.subject].toLowerCase()} query={list} />
    </Box>
  )
}

function columnsOf(metric: Metric): Column<Row>[] {
  return [
    {
      key: 'title',
      header: subjectWords[metric.subject],
      lead: true,
      cell: (row) => (
        <>
          <ExternalLink href={row.web_url} className="break">
            {row.title}
          </ExternalLink>
          <Text size="xs" c="dimmed">
            {row.number === null ? row.repository.name : `${row.repository.name} · #${row.number}`}
          </Text>
        </>
      ),
    },
    {
      key: 'value',
      header: metric.title,
      label: metric.title,
      cell: ({ value }) => formatValue(value, metric.unit),
      width: '150px',
    },
    { key: 'at', header: 'When', label: 'When', cell: ({ at }) => <TimeAgo at={at} />, width: '140px' },
    {
      key: 'flags',
      header: 'To know',
      cell: ({ flags }) => (
        <Text size="xs" c="dimmed">
          {flags.map((flag) => flagWords[flag] ?? toWords(flag)).join(', ')}
        </Text>
      ),
    },
    {
      key: 'explain',
      header: 'Why',
      cell: ({ id, title }) => <ExplainButton metric={metric} id={id} title={title} />,
      width: '100px',
    },
  ]
}
