import { Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { investmentRowPages } from '../../../api/investment.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ExternalLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'

type Row = RouteResponse<'listInvestmentRows'>['items'][number]

/** The pull requests behind categories, latest first. */
export function InvestmentRows({ scope }: { readonly scope: Parameters<typeof investmentRowPages>[0] }) {
  const list = useInfiniteQuery({ ...investmentRowPages(scope), placeholderData: keepPreviousData })
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  if (list.isPending) return <LoadingRows rows={4} />
  if (list.isError) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
  if (rows.length === 0) return <Text c="dimmed">No pull request of this kind in this period.</Text>
  return (
    <div>
      <DataTable caption="Pull requests by category" columns={columns} rows={rows} rowKey={({ id }) => id} />
      <LoadMore shown={rows.length} one="pull request" query={list} />
    </div>
  )
}

const columns: readonly Column<Row>[] = [
  {
    key: 'title',
    header: 'Pull request',
    lead: true,
    cell: ({ title, web_url, repository, number }) => (
      <>
        <ExternalLink href={web_url} className="break">
          {title}
        </ExternalLink>
        <Text size="xs" c="dimmed">
          {`${repository.name} · #${number}`}
        </Text>
      </>
    ),
  },
  {
    key: 'category',
    header: 'Category',
    label: 'Category',
    cell: ({ category }) => category ?? 'Uncategorised',
    width: '180px',
  },
  {
    key: 'lines',
    header: 'Size',
    label: 'Size',
    align: 'right',
    cell: ({ lines }) => formatValue(lines, 'lines'),
    width: '120px',
  },
  { key: 'at', header: 'Merged', label: 'Merged', cell: ({ merged_at }) => <TimeAgo at={merged_at} />, width: '140px' },
]
