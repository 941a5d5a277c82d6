import { Group, SegmentedControl, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type * as z from 'zod'
import type { importItem, ReportImport } from '../../../../contract/security/imports.ts'
import { importItemPages } from '../../../api/imports.ts'
import { SeverityBadge, ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { stepWords, type Tone } from '../../../ui/words.ts'
import { outcomeWords } from './import-words.ts'

type Item = z.infer<typeof importItem>

const route = getRouteApi('/app/imports/$id')
const outcomes = ['new', 'merged', 'kept', 'reopened', 'closed', 'suppressed', 'known', 'skipped'] as const
const tones: Record<Item['outcome'], Tone> = {
  new: 'busy',
  merged: 'notification',
  kept: 'notification',
  reopened: 'warn',
  closed: 'good',
  suppressed: 'notification',
  skipped: 'notification',
  known: 'notification',
}

const columns: Column<Item>[] = [
  {
    key: 'outcome',
    header: 'Outcome',
    width: '120px',
    cell: (row) => <ToneBadge tone={tones[row.outcome]}>{outcomeWords[row.outcome]}</ToneBadge>,
  },
  {
    key: 'severity',
    header: 'Severity',
    width: '120px',
    cell: (row) => row.severity !== null && <SeverityBadge severity={row.severity} />,
  },
  {
    key: 'label',
    header: 'Result',
    lead: true,
    cell: (row) => (
      <>
        <Text className="break">{row.label}</Text>
        {row.detail !== null && (
          <Text size="xs" c="dimmed" className="break mono">
            {row.detail}
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'step',
    header: 'Why',
    label: 'Why',
    width: '220px',
    cell: (row) => <span className="break">{stepWords(row.step)}</span>,
  },
  {
    key: 'vulnerability',
    header: 'Vulnerability',
    label: 'Vulnerability',
    width: '120px',
    cell: (row) =>
      row.vulnerability_id !== null && (
        <AnchorLink to="/vulnerabilities/$id" params={{ id: row.vulnerability_id }}>
          {row.vulnerability_number === null ? 'Open' : `#${row.vulnerability_number}`}
        </AnchorLink>
      ),
  },
]

/** Result by result, with the step that decided. */
export function ImportItems({ report }: { readonly report: ReportImport }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const outcome = outcomes.find((item) => item === search.outcome)
  const offered = outcomes.filter((item) => item !== 'known' || report.target_branch !== null)
  const list = useInfiniteQuery({
    ...importItemPages(report.id, outcome === undefined ? {} : { outcome: [outcome] }),
    placeholderData: keepPreviousData,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Panel flush title="Result by result" lead="Which rule of identity decided, for each.">
      <Group px={18} py={12} style={{ overflowX: 'auto' }}>
        <SegmentedControl
          aria-label="Outcome"
          size="xs"
          value={outcome ?? 'all'}
          onChange={(value) => void navigate({ search: value === 'all' ? {} : { outcome: value }, replace: true })}
          data={[{ value: 'all', label: 'All' }, ...offered.map((value) => ({ value, label: outcomeWords[value] }))]}
        />
      </Group>
      {list.isPending && <LoadingRows rows={6} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState icon="filter" title="None of these" text="This import has no result with this outcome." />
      )}
      {rows.length > 0 && (
        <>
          <DataTable caption="Results" columns={columns} rows={rows} rowKey={(row) => String(row.position)} />
          <LoadMore shown={rows.length} one="result" query={list} />
        </>
      )}
    </Panel>
  )
}
