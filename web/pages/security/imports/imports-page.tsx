import { Group, Stack } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { importPages } from '../../../api/imports.ts'
import { AnchorLink, ButtonLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { stateWords } from '../import/import-state.tsx'
import { ImportTable } from '../import/import-table.tsx'
import { FacetMenu } from '../vulnerabilities/facet-menu.tsx'
import { importStates, toImportSearch } from './import-search.ts'

const route = getRouteApi('/app/imports')

/** The imports of all assets: what came in last night, and what waits for a decision. */
export function ImportsPage() {
  const { state = [] } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery({
    ...importPages(state.length === 0 ? {} : { state }),
    placeholderData: keepPreviousData,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHeader
        title="Imports"
        lead="The reports of all assets, newest first. Reports are imported at their asset."
      />
      <Stack gap="sm">
        <Group gap="md">
          <FacetMenu
            title="State"
            choices={importStates.map((value) => ({ value, label: stateWords[value].label }))}
            chosen={state}
            onChange={({ any }) => void navigate({ search: toImportSearch({ state: any }) })}
          />
          {state.length > 0 && <AnchorLink to="/imports">Clear all filters</AnchorLink>}
        </Group>
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        <Panel flush>
          {list.isPending && <LoadingRows rows={8} />}
          {list.isSuccess && rows.length === 0 && <NoImports narrowed={state.length > 0} />}
          {rows.length > 0 && (
            <>
              <ImportTable rows={rows} isOfAll />
              <LoadMore shown={rows.length} one="import" query={list} />
            </>
          )}
        </Panel>
      </Stack>
    </>
  )
}

function NoImports({ narrowed }: { readonly narrowed: boolean }) {
  return narrowed ? (
    <EmptyState
      icon="filter"
      title="No import is in this state"
      text="Take a state away, or look at all imports."
      action={
        <ButtonLink to="/imports" variant="default">
          Show all imports
        </ButtonLink>
      }
    />
  ) : (
    <EmptyState
      icon="file"
      title="Nothing imported yet"
      text="Open an asset and drop a scanner's report under “Imports”, or send it from a pipeline."
      action={<ButtonLink to="/assets">Choose an asset</ButtonLink>}
    />
  )
}
