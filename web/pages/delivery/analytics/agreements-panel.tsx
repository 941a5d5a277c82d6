import { Button, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { agreementsQuery, brokenPages, type MetricScope } from '../../../api/metrics.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { ChartFrame, NoData } from '../../../ui/charts/chart-frame.tsx'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { TimeSeries } from '../../../ui/charts/time-series.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink, ExternalLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

type Agreement = RouteResponse<'getAgreements'>['items'][number]

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** `First review within 24 hours`, as people agreed on it. */
export function agreementWords({ kind, threshold }: Pick<Agreement, 'kind' | 'threshold'>): string {
  switch (kind) {
    case 'first_review_within':
      return `First review within ${count(threshold ?? 0, 'hour')}`
    case 'reviewed_before_merge':
      return 'No merge without a review'
    case 'size_at_most':
      return `At most ${count(threshold ?? 0, 'changed line')}`
    case 'linked_key':
      return 'A key in title or branch'
    default:
      return kind satisfies never
  }
}

/** How far what was agreed on is kept by what was merged. */
export function AgreementsPanel({ scope }: { readonly scope: MetricScope }) {
  const [zone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  const kept = useQuery(agreementsQuery({ ...scope, time_zone: zone }))
  if (kept.isPending) return <LoadingRows rows={6} />
  if (kept.isError) return <ProblemNote error={kept.error} onRetry={() => void kept.refetch()} />
  if (kept.data.items.length === 0)
    return (
      <Panel>
        <NoData>
          Nothing is agreed on yet. An administrator adds agreements under{' '}
          <AnchorLink to="/settings/agreements">Settings · Agreements</AnchorLink>.
        </NoData>
      </Panel>
    )
  return (
    <Stack gap="md">
      {kept.data.items.map((agreement) => (
        <OneAgreement key={agreement.id} agreement={agreement} scope={scope} />
      ))}
    </Stack>
  )
}

function OneAgreement({ agreement, scope }: { readonly agreement: Agreement; readonly scope: MetricScope }) {
  const [range, setRange] = useState<MetricScope>()
  const { weeks, share, n, kept, unknown, team } = agreement
  const title = agreementWords(agreement)
  const whose = team === null ? 'Everybody' : team.name
  const words = `${whose}. ${formatValue(share, 'ratio')} kept: ${kept} of ${n} merged${unknown > 0 ? `, ${unknown} not known` : ''}.`
  const labels = weeks.map(({ from }) => day.format(new Date(from)))
  return (
    // The chart has its own heading.
    <Panel {...(n === 0 && { title, lead: `${whose}.` })}>
      {n === 0 ? (
        <NoData>Nothing was merged in this period that it is about.</NoData>
      ) : (
        <ChartFrame
          title={title}
          words={words}
          fileName={`agreement-${agreement.kind}`}
          table={{
            columns: ['Week', 'Share kept', 'Judged', 'Kept'],
            rows: weeks.map((week, index) => [labels[index] ?? '', week.share, week.n, week.kept]),
          }}
        >
          {(drawing) => (
            <TimeSeries
              drawing={drawing}
              labels={labels}
              lines={[{ label: title, values: weeks.map((week) => week.share) }]}
              counts={weeks.map((week) => week.n)}
              unit="ratio"
              onOpen={(index) => {
                const week = weeks[index]
                if (week !== undefined) setRange({ ...scope, from: week.from, to: week.to })
              }}
            />
          )}
        </ChartFrame>
      )}
      {n > kept && (
        <Group mt="sm">
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={range !== undefined}
            onClick={() => setRange(range === undefined ? scope : undefined)}
          >
            {range === undefined ? `Show the ${n - kept} that broke it` : 'Hide what broke it'}
          </Button>
        </Group>
      )}
      {range !== undefined && <BrokenRows id={agreement.id} title={title} scope={range} />}
    </Panel>
  )
}

type BrokenRow = RouteResponse<'listBrokenAgreements'>['items'][number]

const brokenColumns: Column<BrokenRow>[] = [
  {
    key: 'title',
    header: 'Pull request',
    lead: true,
    cell: (row) => (
      <>
        <ExternalLink href={row.web_url} className="break">
          {row.title}
        </ExternalLink>
        <Text size="xs" c="dimmed">{`${row.repository.name} · #${row.number}`}</Text>
      </>
    ),
  },
  {
    key: 'merged',
    header: 'Merged',
    label: 'Merged',
    cell: (row) => <TimeAgo at={row.merged_at} />,
    width: '140px',
  },
]

type BrokenRowsProps = { readonly id: string; readonly title: string; readonly scope: MetricScope }

function BrokenRows({ id, title, scope }: BrokenRowsProps) {
  const list = useInfiniteQuery(brokenPages(id, scope))
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  if (list.isPending) return <LoadingRows rows={3} />
  if (list.isError) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
  if (rows.length === 0) return <Text c="dimmed">Nothing broke it in this time.</Text>
  return (
    <>
      <DataTable caption={`What broke: ${title}`} rows={rows} rowKey={(row) => row.id} columns={brokenColumns} />
      <LoadMore shown={rows.length} one="pull request" query={list} />
    </>
  )
}
