import { Button, Group, Stack } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { destinationPages, trackerRoutePages } from '../../../api/tracker-routes.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { DestinationTable } from './destination-table.tsx'
import { type EditedRoute, RouteDialog } from './route-dialog.tsx'
import { RouteLine } from './route-lines.tsx'

export function RoutesPage() {
  const mayWrite = useMay('policy.write')
  const [edited, setEdited] = useState<EditedRoute | null>(null)
  const add = () => setEdited({ kind: 'new', asset: null })
  return (
    <>
      <PageHeader
        title="Routes"
        lead="Which tracker vulnerabilities go to. The route of a branch comes before the one of its asset, and that before the default one."
        actions={
          mayWrite && (
            <Button leftSection={<Icon name="plus" size={15} />} onClick={add}>
              New route
            </Button>
          )
        }
      />
      <Stack>
        <RoutesPanel mayWrite={mayWrite} onAdd={add} onEdit={(route) => setEdited({ kind: 'present', route })} />
        <DestinationsPanel mayWrite={mayWrite} onEdit={setEdited} />
      </Stack>
      <RouteDialog edited={edited} onClose={() => setEdited(null)} />
    </>
  )
}

type RoutesPanelProps = {
  readonly mayWrite: boolean
  readonly onAdd: () => void
  readonly onEdit: (route: (EditedRoute & { kind: 'present' })['route']) => void
}

function RoutesPanel({ mayWrite, onAdd, onEdit }: RoutesPanelProps) {
  const list = useInfiniteQuery(trackerRoutePages)
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      <Panel flush>
        {list.isPending && <LoadingRows rows={2} height={56} />}
        {list.isSuccess && rows.length === 0 && (
          <EmptyState
            icon="routes"
            title="No route yet"
            text="Everything goes to what the repository of its asset has: Bitbucket issues where there still are some, Bitbucket discussions elsewhere."
            action={mayWrite ? <Button onClick={onAdd}>Make the first route</Button> : undefined}
          />
        )}
        {rows.map((route) => (
          <RouteLine key={route.id} route={route} mayWrite={mayWrite} onEdit={() => onEdit(route)} />
        ))}
        {list.hasNextPage && <LoadMore shown={rows.length} one="route" query={list} />}
      </Panel>
    </>
  )
}

const route = getRouteApi('/app/routes')

type DestinationsProps = { readonly mayWrite: boolean; readonly onEdit: (edited: EditedRoute) => void }

function DestinationsPanel({ mayWrite, onEdit }: DestinationsProps) {
  const { q } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery({ ...destinationPages(q), placeholderData: keepPreviousData })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const set = useCallback((asset: { id: string; name: string }) => onEdit({ kind: 'new', asset }), [onEdit])
  return (
    <Panel flush title="What each asset gets" lead="By the rule that sending follows, and what stands in the way now.">
      <Group px={18} pb="sm">
        <SearchInput
          label="Search assets"
          placeholder="Name, key or repository"
          value={q ?? ''}
          onChange={(next) => void navigate({ search: next === '' ? {} : { q: next } })}
        />
      </Group>
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <LoadingRows rows={6} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          icon={q === undefined ? 'assets' : 'filter'}
          title={q === undefined ? 'No assets yet' : 'No asset matches'}
          text={
            q === undefined ? 'Connect Bitbucket and choose repositories: each becomes an asset.' : 'Try another name.'
          }
        />
      )}
      {rows.length > 0 && (
        <>
          <DestinationTable rows={rows} onSet={mayWrite ? set : undefined} />
          <LoadMore shown={rows.length} one="asset" query={list} />
        </>
      )}
    </Panel>
  )
}
