import { Box, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { type MetricScope, metricRowPages } from '../../../api/metrics.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink, ExternalLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { type ExplainableMetric, ExplainButton, isExplainable } from './explain-dialog.tsx'
import { flagWords } from './flag-words.ts'
import type { Metric } from './metric-words.ts'

type Row = RouteResponse<'listMetricRows'>['items'][number]

const subjectWords: Record<Metric['subject'], string> = {
  pull_request: 'Pull request',
  deployment: 'Deployment',
  vulnerability: 'Vulnerability',
  incident: 'Incident',
  pipeline: 'Pipeline',
}

/** What made a figure, latest first. */
export function MetricRows({ metric, scope }: { readonly metric: Metric; readonly scope: MetricScope }) {
  const list = useInfiniteQuery({ ...metricRowPages(metric.key, scope), placeholderData: keepPreviousData })
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  if (list.isPending) return <LoadingRows rows={4} />
  if (list.isError) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
  if (rows.length === 0) return null
  const one = subjectWords[metric.subject].toLowerCase()
  return (
    <Box mt="md">
      <DataTable
        caption={`What made ${metric.title}`}
        columns={columnsOf(metric)}
        rows={rows}
        rowKey={({ id }) => id}
      />
      <LoadMore
        shown={rows.length}
        one={one}
        {...(metric.subject === 'vulnerability' && { many: 'vulnerabilities' })}
        query={list}
      />
    </Box>
  )
}

/** Pull requests and vulnerabilities have pages here; everything else is looked at where it ran. */
function RowTitle({ row }: { readonly row: Row }) {
  if (row.kind === 'pull_request')
    return (
      <AnchorLink to="/analytics/pull-requests/$id" params={{ id: row.id }} className="break">
        {row.title}
      </AnchorLink>
    )
  if (row.kind === 'vulnerability')
    return (
      <AnchorLink to="/vulnerabilities/$id" params={{ id: row.id }} search={{ tab: 'flow' }} className="break">
        {row.title}
      </AnchorLink>
    )
  return (
    <ExternalLink href={row.web_url} className="break">
      {row.title}
    </ExternalLink>
  )
}

function explainColumn(metric: ExplainableMetric): Column<Row> {
  return {
    key: 'explain',
    header: 'Why',
    cell: ({ id, title }) => <ExplainButton metric={metric} id={id} title={title} />,
    width: '100px',
  }
}

function columnsOf(metric: Metric): Column<Row>[] {
  return [
    {
      key: 'title',
      header: subjectWords[metric.subject],
      lead: true,
      cell: (row) => (
        <>
          <RowTitle row={row} />
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
      width: '190px',
    },
    { key: 'at', header: 'When', label: 'When', cell: ({ at }) => <TimeAgo at={at} />, width: '140px' },
    {
      key: 'flags',
      header: 'To know',
      cell: ({ flags }) => (
        <Text size="xs" c="dimmed">
          {flags.map(flagWords).join(', ')}
        </Text>
      ),
    },
    ...(isExplainable(metric) ? [explainColumn(metric)] : []),
  ]
}
