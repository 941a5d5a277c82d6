import { Group, SegmentedControl, Stack } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'
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
import { ExportMenu } from './export-menu.tsx'
import { FilterBar } from './filter-bar.tsx'
import { rememberList } from './list-memory.ts'
import { NoVulnerabilities } from './no-vulnerabilities.tsx'
import { SeverityToggles } from './severity-toggles.tsx'
import { useListKeys } from './use-list-keys.ts'
import { useSelection } from './use-selection.ts'
import { toFilter, type View, type VulnerabilitySearch, viewOf } from './vulnerability-search.ts'
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

type ViewsProps = {
  readonly search: VulnerabilitySearch
  readonly counts: Record<string, number> | undefined
  readonly onChange: (part: VulnerabilitySearch) => void
}

function Views({ search, counts, onChange }: ViewsProps) {
  return (
    <Group gap="sm" justify="space-between">
      <SegmentedControl
        aria-label="Which vulnerabilities"
        data={viewChoices}
        value={viewOf(search)}
        onChange={(view) => onChange({ view, status: undefined })}
      />
      <SeverityToggles chosen={search.severity ?? []} counts={counts} onChange={(severity) => onChange({ severity })} />
    </Group>
  )
}

export function VulnerabilitiesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery({ ...vulnerabilityPages(toFilter(search)), placeholderData: keepPreviousData })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const first = list.data?.pages[0]
  const change = useCallback(
    (part: VulnerabilitySearch) => void navigate({ search: (before) => ({ ...before, ...part }) }),
    [navigate],
  )
  const mayWork = useMay('vulnerability.work')
  const mayDecide = useMay('vulnerability.decide')
  const selection = useSelection(
    rows.map((row) => row.id),
    JSON.stringify(toFilter(search)),
  )
  const currentId = useListKeys(rows, mayWork ? selection : undefined)
  useRememberedList(search, list.isSuccess && !list.isPlaceholderData ? rows : undefined)
  return (
    <>
      <PageHeader
        title="Vulnerabilities"
        actions={
          <Group gap="xs">
            <ExportMenu filter={toFilter(search)} total={first?.total} />
            {mayDecide && <NewButton />}
          </Group>
        }
      />
      <Stack gap="sm">
        <Views search={search} counts={first?.facets.severity} onChange={change} />
        <FilterBar search={search} facets={first?.facets} onChange={change} />
        <ActiveFilters search={search} onChange={change} />
        <BulkBar rows={rows} selection={selection} total={first?.total ?? rows.length} filter={toFilter(search)} />
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        <Panel flush>
          {list.isPending && <LoadingRows rows={10} height={34} />}
          {first !== undefined && rows.length === 0 && <NoVulnerabilities search={search} />}
          {rows.length > 0 && (
            <>
              <VulnerabilityTable
                rows={rows}
                sort={search.sort}
                currentId={currentId}
                selection={mayWork ? selection : undefined}
                onSort={(sort) => change({ sort })}
              />
              <LoadMore
                shown={rows.length}
                total={first?.total}
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
