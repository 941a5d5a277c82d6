import { useQuery } from '@tanstack/react-query'
import { type MetricScope, metricRowsQuery } from '../../../api/metrics.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { ChartFrame, NoData } from '../../../ui/charts/chart-frame.tsx'
import { Scatter } from '../../../ui/charts/scatter.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import type { Metric } from './metric-words.ts'

type Row = RouteResponse<'listMetricRows'>['items'][number]

type EachChartProps = {
  readonly metric: Metric
  readonly scope: MetricScope
  readonly range: { from: string; to: string }
}

/** Each one as a dot, the latest two hundred: who stands out. */
export function EachChart({ metric, scope, range }: EachChartProps) {
  const list = useQuery(metricRowsQuery(metric.key, scope))
  if (list.isPending) return <LoadingRows rows={4} />
  if (list.isError) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
  const { items: rows, next } = list.data
  if (rows.length === 0) return <NoData>Nothing in this period.</NoData>
  const words = next === null ? `${rows.length} in all, one dot each.` : `The latest ${rows.length}, one dot each.`
  return (
    <ChartFrame
      title={metric.title}
      words={words}
      fileName={`${metric.key}-each`}
      table={{
        columns: ['What', 'Repository', 'When', `${metric.title} (${metric.unit})`],
        rows: rows.map(({ number, title, repository, at, value }) => [
          `#${number} ${title}`,
          repository.name,
          at,
          value,
        ]),
      }}
    >
      {(drawing) => (
        <Scatter
          drawing={drawing}
          unit={metric.unit}
          from={new Date(next === null ? range.from : (rows.at(-1)?.at ?? range.from))}
          to={new Date(range.to)}
          dots={rows.map(({ kind, id, at, value, title, number, web_url }) => ({
            key: id,
            at: new Date(at),
            value,
            title: titleOf({ number, title }),
            href: addressOf({ kind, id, web_url }),
          }))}
        />
      )}
    </ChartFrame>
  )
}

/** The same page that the rows open: pull requests and vulnerabilities have one here, everything else is looked at where it ran. */
function addressOf({ kind, id, web_url }: Pick<Row, 'kind' | 'id' | 'web_url'>): string {
  if (kind === 'pull_request') return `${location.origin}/analytics/pull-requests/${id}`
  return kind === 'vulnerability' ? `${location.origin}/vulnerabilities/${id}?tab=flow` : web_url
}

function titleOf({ number, title }: { number: number | null; title: string }): string {
  return number === null ? title : `#${number} ${title}`
}
