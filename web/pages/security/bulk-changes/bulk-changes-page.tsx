import { Group, SegmentedControl, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { BulkChange } from '../../../../contract/security/bulk-changes.ts'
import { bulkChangePages } from '../../../api/bulk-changes.ts'
import { describeBulkChange } from '../../../shell/followed-changes.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink, ButtonLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { BulkChangeActions } from '../bulk-change/bulk-change-actions.tsx'
import { BulkChangeState } from '../bulk-change/bulk-change-state.tsx'

const route = getRouteApi('/app/bulk-changes')

/** Beside the live events, which a sleeping machine may miss. */
const lookEveryMs = 2000

const columns: Column<BulkChange>[] = [
  { key: 'state', header: 'State', width: '116px', cell: (change) => <BulkChangeState change={change} /> },
  {
    key: 'what',
    header: 'What',
    lead: true,
    cell: (change) => (
      <div>
        <AnchorLink to="/bulk-changes/$id" params={{ id: change.id }} fw={600} c="inherit" className="break">
          {change.summary}
        </AnchorLink>
        {change.reason !== null && (
          <Text size="xs" c="dimmed" className="break" lineClamp={2}>
            {`“${change.reason}”`}
          </Text>
        )}
      </div>
    ),
  },
  {
    key: 'amount',
    header: 'How many',
    width: '210px',
    cell: (change) => (
      <div>
        <Text size="sm">{describeBulkChange(change)}</Text>
        {change.stop_reason !== null && (
          <Text size="xs" c="dimmed" className="break">
            {change.stop_reason}
          </Text>
        )}
      </div>
    ),
  },
  {
    key: 'who',
    header: 'Who',
    label: 'Who',
    width: '150px',
    cell: (change) => <span className="break">{change.member.name}</span>,
  },
  { key: 'when', header: 'When', label: 'When', width: '120px', cell: (change) => <TimeAgo at={change.created_at} /> },
  {
    key: 'actions',
    header: '',
    width: '112px',
    align: 'right',
    cell: (change) => <BulkChangeActions change={change} size="compact-sm" of={change.summary} />,
  },
]

const keyOf = (change: BulkChange) => change.id

/** Every change of many, newest first, each with the way to stop it or to take it back. */
export function BulkChangesPage() {
  const { show } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery({
    ...bulkChangePages(show === 'mine' ? { mine: true } : {}),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((one) => one.state === 'running')) ? lookEveryMs : false,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHeader
        title="Bulk changes"
        above={
          <AnchorLink to="/vulnerabilities" size="sm" mb={4} display="inline-flex">
            <Icon name="left" size={16} />
            Vulnerabilities
          </AnchorLink>
        }
      />
      <Panel
        flush
        title="Changes of many vulnerabilities at once"
        lead="Newest first. Most can be taken back for a week."
      >
        <Group px={18} py={12}>
          <SegmentedControl
            aria-label="Whose bulk changes"
            size="xs"
            value={show ?? 'all'}
            onChange={(value) => void navigate({ search: value === 'mine' ? { show: value } : {}, replace: true })}
            data={[
              { value: 'all', label: 'Everybody’s' },
              { value: 'mine', label: 'Mine' },
            ]}
          />
        </Group>
        {list.isPending && <LoadingRows rows={6} />}
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && rows.length === 0 && <NoChanges isMine={show === 'mine'} />}
        {rows.length > 0 && (
          <>
            <DataTable caption="Bulk changes" columns={columns} rows={rows} rowKey={keyOf} leadWidth={220} />
            <LoadMore shown={rows.length} one="bulk change" many="bulk changes" query={list} />
          </>
        )}
      </Panel>
    </>
  )
}

function NoChanges({ isMine }: { readonly isMine: boolean }) {
  return (
    <EmptyState
      icon="undo"
      title={isMine ? 'None of yours yet' : 'No bulk changes yet'}
      text="Tick vulnerabilities in the list, or all that match its filters, and change them together. Each such change is kept here, with what became of it."
      action={
        <ButtonLink to="/vulnerabilities" variant="default">
          Go to the list
        </ButtonLink>
      }
    />
  )
}
