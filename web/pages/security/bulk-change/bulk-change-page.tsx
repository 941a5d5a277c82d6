import { Group, Progress, SegmentedControl, Stack, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { BulkChange, BulkChangeItem } from '../../../../contract/security/bulk-changes.ts'
import { bulkChangeQuery, bulkItemPages } from '../../../api/bulk-changes.ts'
import { DetailFailure } from '../../../shell/detail-failure.tsx'
import { describeBulkChange } from '../../../shell/followed-changes.tsx'
import { PagePending } from '../../../shell/page-states.tsx'
import { SeverityBadge, StatusBadge, ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { FactList } from '../../../ui/fact-list.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import type { Tone } from '../../../ui/words.ts'
import { BulkChangeActions } from './bulk-change-actions.tsx'
import { type ItemState, itemStates } from './bulk-change-search.ts'
import { BulkChangeState } from './bulk-change-state.tsx'

const route = getRouteApi('/app/bulk-changes/$id')

const itemWords: Record<ItemState, { label: string; tone: Tone }> = {
  refused: { label: 'Refused', tone: 'bad' },
  unchanged: { label: 'So already', tone: 'notification' },
  changed: { label: 'Changed', tone: 'good' },
  waiting: { label: 'Waiting', tone: 'calm' },
}

const back = (
  <AnchorLink to="/bulk-changes" size="sm" mb={4} display="inline-flex">
    <Icon name="left" size={16} />
    Bulk changes
  </AnchorLink>
)

export function BulkChangePage() {
  const { id } = route.useParams()
  const found = useQuery({
    ...bulkChangeQuery(id),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 2000 : false),
  })
  if (found.isPending) return <PagePending />
  if (found.isError)
    return <DetailFailure what="bulk change" back={back} error={found.error} onRetry={() => void found.refetch()} />
  return <Loaded change={found.data} />
}

function Loaded({ change }: { readonly change: BulkChange }) {
  const done = change.changed + change.unchanged + change.refused
  return (
    <>
      <PageHeader
        title={change.summary}
        above={back}
        lead={
          <Group gap={10} mt={6}>
            <BulkChangeState change={change} />
            <Text span className="break">{`By ${change.member.name}`}</Text>
            <TimeAgo at={change.created_at} />
          </Group>
        }
        actions={<BulkChangeActions change={change} />}
      />
      <Stack>
        <Panel title={change.state === 'running' ? 'Running: you can leave this page' : 'What it did'}>
          <Stack gap="sm">
            {change.state === 'running' && (
              <Progress value={(done / Math.max(1, change.total)) * 100} aria-label={describeBulkChange(change)} />
            )}
            <Text component="output">{describeBulkChange(change)}</Text>
            <Facts change={change} />
          </Stack>
        </Panel>
        {change.items_kept ? <Items change={change} /> : <NoItems />}
      </Stack>
    </>
  )
}

function Facts({ change }: { readonly change: BulkChange }) {
  return (
    <FactList
      facts={[
        change.stop_reason !== null && {
          name: 'Stopped',
          value: <span className="break">{change.stop_reason}</span>,
        },
        change.reason !== null && { name: 'Reason', value: <span className="break">{change.reason}</span> },
        change.undoes !== null && {
          name: 'Takes back',
          value: (
            <AnchorLink to="/bulk-changes/$id" params={{ id: change.undoes }}>
              The bulk change before
            </AnchorLink>
          ),
        },
        change.undone_by !== null && {
          name: 'Taken back',
          value: (
            <AnchorLink to="/bulk-changes/$id" params={{ id: change.undone_by }}>
              By another bulk change
            </AnchorLink>
          ),
        },
        change.undo.available
          ? change.undo.until !== null && { name: 'Undo until', value: <TimeAgo at={change.undo.until} /> }
          : change.state !== 'running' && { name: 'Undo', value: change.undo.reason ?? '' },
      ]}
    />
  )
}

const columns: Column<BulkChangeItem>[] = [
  {
    key: 'state',
    header: 'Outcome',
    width: '120px',
    cell: ({ state }) => <ToneBadge tone={itemWords[state].tone}>{itemWords[state].label}</ToneBadge>,
  },
  {
    key: 'vulnerability',
    header: 'Vulnerability',
    lead: true,
    cell: ({ vulnerability: { id, number, title } }) => (
      <AnchorLink to="/vulnerabilities/$id" params={{ id }} c="inherit" className="break">
        {`#${number} ${title}`}
      </AnchorLink>
    ),
  },
  {
    key: 'reason',
    header: 'Why',
    label: 'Why',
    width: '300px',
    cell: ({ reason }) => <span className="break">{reason ?? ''}</span>,
  },
  {
    key: 'severity',
    header: 'Severity',
    width: '120px',
    cell: ({ vulnerability: { severity } }) => <SeverityBadge severity={severity} />,
  },
  {
    key: 'status',
    header: 'Now',
    label: 'Now',
    width: '160px',
    cell: ({ vulnerability: { status } }) => <StatusBadge status={status} />,
  },
]

function NoItems() {
  return (
    <Panel title="One by one">
      <Text maw={640}>
        What became of each vulnerability was kept for 30 days after the end. The history of each still tells what this
        change did to it, and the numbers above stay.
      </Text>
    </Panel>
  )
}

function Items({ change }: { readonly change: BulkChange }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const shown = search.state ?? (change.refused > 0 ? 'refused' : 'changed')
  const list = useInfiniteQuery({
    ...bulkItemPages(change.id, { state: [shown] }),
    placeholderData: keepPreviousData,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const waiting = change.total - change.changed - change.unchanged - change.refused
  const amounts = { refused: change.refused, unchanged: change.unchanged, changed: change.changed, waiting }
  return (
    <Panel flush title="One by one">
      <Group px={18} py={12} style={{ overflowX: 'auto' }}>
        <SegmentedControl
          aria-label="Outcome"
          size="xs"
          value={shown}
          onChange={(value) => {
            const state = itemStates.find((one) => one === value)
            void navigate({ search: { state }, replace: true })
          }}
          data={itemStates
            .filter((state) => state !== 'waiting' || waiting > 0)
            .map((value) => ({ value, label: `${itemWords[value].label} ${amounts[value].toLocaleString()}` }))}
        />
      </Group>
      {list.isPending && <LoadingRows rows={6} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState icon="filter" title="None of these" text="No vulnerability of this bulk change has this outcome." />
      )}
      {rows.length > 0 && (
        <>
          <DataTable caption="Vulnerabilities" columns={columns} rows={rows} rowKey={(row) => row.vulnerability.id} />
          <LoadMore
            shown={rows.length}
            total={amounts[shown]}
            one="vulnerability"
            many="vulnerabilities"
            query={list}
          />
        </>
      )}
    </Panel>
  )
}
