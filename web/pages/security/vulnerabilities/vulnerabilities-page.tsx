import { Group, SegmentedControl, Stack } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { RouteResponse } from '../../../api/route-types.ts'
import { vulnerabilityPages } from '../../../api/vulnerabilities.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { ButtonLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { ActiveFilters } from './active-filters.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { ColumnMenu } from './column-menu.tsx'
import { ExportMenu } from './export-menu.tsx'
import { FilterBar } from './filter-bar.tsx'
import { type ColumnKey, recallColumns, rememberColumns, usualColumns } from './list-columns.ts'
import { rememberList } from './list-memory.ts'
import { NoVulnerabilities } from './no-vulnerabilities.tsx'
import { SavedViews } from './saved-views.tsx'
import { SeverityToggles } from './severity-toggles.tsx'
import { TriageKeys } from './triage-keys.tsx'
import { useListKeys } from './use-list-keys.ts'
import { useSelection } from './use-selection.ts'
import { type Sort, toFilter, type View, type VulnerabilitySearch, viewOf } from './vulnerability-search.ts'
import { VulnerabilityTable } from './vulnerability-table.tsx'

const route = getRouteApi('/app/vulnerabilities')
const viewChoices: { value: View; label: string }[] = [
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'All' },
]

/** Keeps what is shown for the vulnerabilities opened from it: their neighbours, and the way back. */
function useRememberedList(search: VulnerabilitySearch, rows: readonly { id: string }[] | undefined) {
  useEffect(() => {
    if (rows !== undefined) rememberList(sessionStorage, { search, ids: rows.map((row) => row.id) })
  })
}

function NewButton() {
  return (
    <ButtonLink to="/vulnerabilities/new" variant="default" leftSection={<Icon name="plus" size={15} />}>
      New vulnerability
    </ButtonLink>
  )
}

/** Where every change of many is kept, with its way back. */
function BulkChangesLink() {
  return (
    <ButtonLink to="/bulk-changes" variant="default" leftSection={<Icon name="undo" size={15} />}>
      Bulk changes
    </ButtonLink>
  )
}

function useColumns() {
  const [columns, setColumns] = useState(() => recallColumns(localStorage))
  const change = (chosen: readonly ColumnKey[] | null) => {
    rememberColumns(localStorage, chosen)
    setColumns(chosen ?? usualColumns)
  }
  return [columns, change] as const
}

type ViewsProps = {
  readonly search: VulnerabilitySearch
  readonly onOpen: (search: VulnerabilitySearch, isBack?: boolean) => void
  readonly page: RouteResponse<'listVulnerabilities'> | undefined
  readonly onChange: (part: VulnerabilitySearch) => void
}

function Views({ search, page, onChange, onOpen }: ViewsProps) {
  return (
    <Group gap="sm" justify="space-between">
      <Group gap="sm">
        <SegmentedControl
          aria-label="Which vulnerabilities"
          data={viewChoices}
          value={viewOf(search)}
          onChange={(view) => onChange({ view, status: undefined })}
        />
        <SavedViews search={search} onOpen={onOpen} />
      </Group>
      <SeverityToggles
        chosen={search.severity ?? []}
        counts={page?.facets.severity}
        isExact={page?.facets_are_exact ?? true}
        onChange={(severity) => onChange({ severity })}
      />
    </Group>
  )
}

export function VulnerabilitiesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery({ ...vulnerabilityPages(toFilter(search)), placeholderData: keepPreviousData })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  const ids = useMemo(() => rows.map((row) => row.id), [rows])
  const first = list.data?.pages[0]
  const change = useCallback(
    (part: VulnerabilitySearch) => void navigate({ search: (before) => ({ ...before, ...part }) }),
    [navigate],
  )
  const open = useCallback(
    (whole: VulnerabilitySearch, isBack = false) => void navigate({ search: whole, replace: isBack }),
    [navigate],
  )
  const sortBy = useCallback((sort: Sort) => change({ sort }), [change])
  const [columns, setColumns] = useColumns()
  const mayWork = useMay('vulnerability.work')
  const mayDecide = useMay('vulnerability.decide')
  const selection = useSelection(ids, JSON.stringify(toFilter(search)))
  const cursor = useListKeys(rows, {
    selection: mayWork ? selection : undefined,
    onNearEnd: () => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage(),
  })
  useRememberedList(search, list.isSuccess && !list.isPlaceholderData ? rows : undefined)
  return (
    <>
      <PageHeader
        title="Vulnerabilities"
        actions={
          <Group gap="xs">
            <BulkChangesLink />
            <ColumnMenu columns={columns} onChange={setColumns} />
            <ExportMenu filter={toFilter(search)} total={first?.total} isExact={first?.total_is_exact} />
            {mayDecide && <NewButton />}
          </Group>
        }
      />
      <Stack gap="sm">
        <Views search={search} page={first} onChange={change} onOpen={open} />
        <FilterBar search={search} page={first} onChange={change} />
        <ActiveFilters search={search} onChange={change} />
        <BulkBar
          rows={rows}
          selection={selection}
          total={first?.total ?? rows.length}
          isExact={first?.total_is_exact}
          filter={toFilter(search)}
        />
        {mayWork && (
          <TriageKeys
            rows={rows}
            cursor={cursor}
            selection={selection}
            whole={{ target: { filters: toFilter(search) }, total: first?.total ?? rows.length }}
          />
        )}
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        <Panel flush>
          {list.isPending && <LoadingRows rows={10} height={34} />}
          {first !== undefined && rows.length === 0 && <NoVulnerabilities search={search} />}
          {rows.length > 0 && (
            <>
              <VulnerabilityTable
                rows={rows}
                sort={search.sort}
                currentId={cursor.currentId}
                shown={columns}
                selection={mayWork ? selection : undefined}
                onSort={sortBy}
              />
              <LoadMore
                shown={rows.length}
                total={first?.total}
                isExact={first?.total_is_exact}
                one="vulnerability"
                many="vulnerabilities"
                query={list}
              />
            </>
          )}
        </Panel>
      </Stack>
    </>
  )
}
