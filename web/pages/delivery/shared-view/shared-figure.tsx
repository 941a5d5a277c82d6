import { Box, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { publicFigureQuery, publicRowsQuery } from '../../../api/public-links.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { ChartFrame, NoData } from '../../../ui/charts/chart-frame.tsx'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { TimeSeries } from '../../../ui/charts/time-series.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { type Answer, bucketLabels, chartWords, type Metric, tableOf } from '../analytics/metric-words.ts'

type Row = RouteResponse<'listPublicRows'>['items'][number]
type Part = { readonly from: string; readonly to: string }
type OnPart = { readonly onPart: (part: Part | undefined) => void }
type SharedFigureProps = { readonly token: string; readonly metric: Metric }

/** One figure over time with what made it, as far as the link shows that. */
export function SharedFigure({ token, metric }: SharedFigureProps) {
  const answer = useQuery(publicFigureQuery({ token, key: metric.key }))
  const [part, setPart] = useState<Part>()
  return (
    <Panel>
      <Stack gap="md">
        <Text c="dimmed" maw={640}>
          {metric.description}
        </Text>
        {answer.isPending && <LoadingRows rows={4} />}
        {answer.isError && <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />}
        {answer.data?.n === 0 && <NoData>Nothing in this period.</NoData>}
        {answer.data !== undefined && answer.data.n > 0 && (
          <Course metric={metric} answer={answer.data} onPart={setPart} />
        )}
        {answer.data !== undefined && answer.data.n > 0 && (
          <SharedRows token={token} metric={metric} part={part} onPart={setPart} />
        )}
      </Stack>
    </Panel>
  )
}

type CourseProps = OnPart & { readonly metric: Metric; readonly answer: Answer }

function Course({ metric, answer, onPart }: CourseProps) {
  return (
    <ChartFrame
      title={metric.title}
      words={chartWords(metric, answer)}
      table={tableOf(metric, answer)}
      fileName={metric.key}
    >
      {(drawing) => (
        <TimeSeries
          drawing={drawing}
          labels={bucketLabels(answer)}
          lines={[{ label: metric.title, values: answer.buckets.map(({ value }) => value) }]}
          counts={answer.buckets.map(({ n }) => n)}
          unit={metric.unit}
          onOpen={(index) => onPart(answer.buckets[index])}
        />
      )}
    </ChartFrame>
  )
}

type SharedRowsProps = SharedFigureProps & OnPart & { readonly part: Part | undefined }

function SharedRows({ token, metric, part, onPart }: SharedRowsProps) {
  const rows = useQuery(publicRowsQuery(token, metric.key))
  if (rows.isPending) return <LoadingRows rows={4} />
  if (rows.isError) return <ProblemNote error={rows.error} onRetry={() => void rows.refetch()} />
  const { items, has_more: hasMore } = rows.data
  const shown = part === undefined ? items : items.filter(({ at }) => at >= part.from && at < part.to)
  return (
    <Box>
      {part !== undefined && (
        <Group gap="xs" mb="xs">
          <Text>Only one part of the period.</Text>
          <Button size="compact-xs" variant="default" onClick={() => onPart(undefined)}>
            Show all
          </Button>
        </Group>
      )}
      <DataTable
        caption={`What made ${metric.title}`}
        columns={columnsOf(metric)}
        rows={shown}
        rowKey={({ id }) => id}
      />
      {hasMore && (
        <Text size="xs" c="dimmed" mt="xs">
          {part === undefined ? `The latest ${items.length}.` : `Of the latest ${items.length} those of this part.`}
        </Text>
      )}
    </Box>
  )
}

function columnsOf(metric: Metric): Column<Row>[] {
  const what = metric.subject === 'deployment' ? 'Deployment' : 'Pull request'
  return [
    {
      key: 'what',
      header: what,
      lead: true,
      cell: ({ repository, number, title }) => {
        const place = number === null ? repository : `${repository} #${number}`
        return <span className="break">{title === null ? place : `${place}: ${title}`}</span>
      },
    },
    {
      key: 'value',
      header: metric.title,
      label: metric.title,
      width: '150px',
      cell: ({ value }) => formatValue(value, metric.unit),
    },
    { key: 'at', header: 'When', label: 'When', width: '140px', cell: ({ at }) => <TimeAgo at={at} /> },
  ]
}
