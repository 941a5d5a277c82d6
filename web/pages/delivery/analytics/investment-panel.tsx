import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { investmentQuery } from '../../../api/investment.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { ChartFrame, NoData } from '../../../ui/charts/chart-frame.tsx'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { StackedBars } from '../../../ui/charts/stacked-bars.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { type AnalyticsSearch, narrowToPullRequests, questionOf, scopeOf } from './analytics-search.ts'
import { InvestmentRows } from './investment-rows.tsx'
import { InvestmentRules } from './investment-rules.tsx'
import { WorkPanel } from './work-panel.tsx'

type Investment = RouteResponse<'getInvestment'>
type Category = Investment['categories'][number]
const uncategorised = 'Uncategorised'

type InvestmentPanelProps = {
  readonly search: AnalyticsSearch
  /** A figure is asked for whose pull requests are to be seen. */
  readonly onOpen: (metric: string) => void
}

/** What kinds of work merged pull requests were, by the organization's rules. */
export function InvestmentPanel({ search, onOpen }: InvestmentPanelProps) {
  const [now] = useState(() => new Date())
  const asked = narrowToPullRequests(search)
  const { compare: _, ...question } = questionOf(asked, now)
  const answer = useQuery(investmentQuery(question))
  return (
    <Stack gap="md">
      <Panel title="Where work goes" lead="Merged pull requests by category: the first rule that fits says it.">
        {answer.isPending && <LoadingRows rows={4} />}
        {answer.isError && <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />}
        {answer.isSuccess && answer.data.total === 0 && (
          <NoData>
            Nothing was merged in this period. Choose a longer one, or see under{' '}
            <AnchorLink to="/integrations">Integrations</AnchorLink> how far Bitbucket has been read.
          </NoData>
        )}
        {answer.isSuccess && answer.data.total > 0 && (
          <Shares investment={answer.data} scope={scopeOf(asked, now)} key={JSON.stringify(question)} />
        )}
      </Panel>
      <WorkPanel question={question} onOpen={onOpen} />
      <InvestmentRules />
    </Stack>
  )
}

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const nameOf = ({ category }: Category) => category ?? uncategorised

type Part = { from?: string; to?: string; category?: string; uncategorised?: 'true' }
type SharesProps = { readonly investment: Investment; readonly scope: ReturnType<typeof scopeOf> }

function Shares({ investment, scope }: SharesProps) {
  const { categories, buckets, total, excluded } = investment
  const [part, setPart] = useState<Part>({})
  const labels = buckets.map(({ from }) => day.format(new Date(from)))
  const words = categories.map((one) => `${nameOf(one)} ${formatValue(one.share, 'ratio')}`).join(', ')
  const left = excluded.reduce((sum, one) => sum + one.count, 0)
  const choose = ({ category }: Category) => setPart(category === null ? { uncategorised: 'true' } : { category })
  return (
    <Stack gap="lg">
      {!investment.has_rules && (
        <Text>There are no rules yet, so that all of it is uncategorised. Add some below.</Text>
      )}
      <ChartFrame
        title="Categories"
        words={`${count(total, 'pull request')}: ${words}.${left === 0 ? '' : ` ${left} left out.`}`}
        fileName="investment"
        table={{
          columns: ['From', ...categories.map(nameOf)],
          rows: buckets.map(({ counts }, index) => [labels[index] ?? '', ...counts]),
        }}
      >
        {(drawing) => (
          <StackedBars
            drawing={drawing}
            labels={labels}
            layers={categories.map((one, index) => ({
              label: nameOf(one),
              values: buckets.map(({ counts }) => counts[index] ?? 0),
            }))}
            unit="count"
            counts={buckets.map(({ counts }) => counts.reduce((sum, one) => sum + one, 0))}
            onOpen={(index) => {
              const bucket = buckets[index]
              if (bucket !== undefined) setPart({ from: bucket.from, to: bucket.to })
            }}
          />
        )}
      </ChartFrame>
      {investment.without_paths > 0 && (
        <Text>
          {`Of ${count(investment.without_paths, 'pull request')} the changed files are not known, so that no rule of a file can fit. They come with the repository’s code; see under `}
          <AnchorLink to="/integrations">Integrations</AnchorLink> how far it has been read.
        </Text>
      )}
      <DataTable
        caption="Categories of work"
        columns={columnsOf(choose)}
        rows={categories}
        rowKey={({ category }) => category ?? ''}
      />
      <Text size="sm" c="dimmed">
        An active day is a date on which a person worked at one of these pull requests. Where it was for several
        categories, each has its part.
      </Text>
      <Group gap="xs">
        <Text>{partWords(part)}</Text>
        {Object.keys(part).length > 0 && (
          <Button size="compact-xs" variant="default" onClick={() => setPart({})}>
            Show all
          </Button>
        )}
      </Group>
      <InvestmentRows scope={{ ...scope, ...part }} />
    </Stack>
  )
}

function partWords({ from, category, uncategorised: isRest }: Part): string {
  if (from !== undefined) return `Pull requests merged from ${day.format(new Date(from))} on.`
  if (isRest !== undefined) return 'Pull requests that no rule fits.'
  return category === undefined ? 'All pull requests.' : `Pull requests of ${category}.`
}

function columnsOf(choose: (category: Category) => void): Column<Category>[] {
  return [
    {
      key: 'category',
      header: 'Category',
      lead: true,
      cell: (one) => (
        <Button size="compact-sm" variant="subtle" onClick={() => choose(one)}>
          {nameOf(one)}
        </Button>
      ),
    },
    {
      key: 'pull_requests',
      header: 'Pull requests',
      label: 'Pull requests',
      align: 'right',
      cell: ({ pull_requests, share }) => `${pull_requests} · ${formatValue(share, 'ratio')}`,
      width: '160px',
    },
    {
      key: 'lines',
      header: 'Changed lines',
      label: 'Changed lines',
      align: 'right',
      cell: ({ lines, share_of_lines, unsized }) =>
        `${formatValue(lines, 'lines')} · ${formatValue(share_of_lines, 'ratio')}${unsized === 0 ? '' : ` · ${unsized} without size`}`,
      width: '240px',
    },
    {
      key: 'active_days',
      header: 'Active days',
      label: 'Active days',
      align: 'right',
      cell: ({ active_days, share_of_active_days }) =>
        active_days === null
          ? 'Too few people'
          : `${formatValue(active_days, 'count')} · ${formatValue(share_of_active_days, 'ratio')}`,
      width: '150px',
    },
  ]
}
