import { Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { connectionsQuery } from '../../../api/connections.ts'
import { deliveryPages } from '../../../api/deliveries.ts'
import { AnchorLink, ButtonLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { toWords } from '../../../ui/words.ts'
import { FacetMenu } from '../../security/vulnerabilities/facet-menu.tsx'
import { DeliveryDrawer } from './delivery-drawer.tsx'
import { type DeliverySearch, deliveryStates, toDeliveryFilter, toDeliverySearch } from './delivery-search.ts'
import { DeliveryTable } from './delivery-table.tsx'
import { FailurePanel } from './failure-panel.tsx'

const route = getRouteApi('/app/integrations/deliveries')
const directions = [
  { value: 'both', label: 'In and out' },
  { value: 'in', label: 'In' },
  { value: 'out', label: 'Out' },
]

function isNarrowed({ delivery: _open, ...filters }: DeliverySearch): boolean {
  return Object.keys(filters).length > 0
}

export function DeliveriesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (part: DeliverySearch) => void navigate({ search: (before) => ({ ...before, ...part }) })
  const connections = useQuery(connectionsQuery)
  const log = useInfiniteQuery({ ...deliveryPages(toDeliveryFilter(search)), placeholderData: keepPreviousData })
  const rows = log.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack gap="sm">
      <Text c="dimmed">
        Every webhook that came in and every change that went out: its state, its attempts, its error.
      </Text>
      <FailurePanel />
      <Group gap="xs">
        <SegmentedControl
          aria-label="Direction"
          data={directions}
          value={search.direction ?? 'both'}
          onChange={(value) => change(toDirection(value))}
        />
        <FacetMenu
          title="State"
          choices={deliveryStates.map((value) => ({ value, label: toWords(value) }))}
          chosen={search.state ?? []}
          onChange={({ any: state }) => change({ state: toDeliverySearch({ state }).state })}
        />
        <FacetMenu
          title="Connection"
          choices={(connections.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          chosen={search.connection_id ?? []}
          onChange={({ any: connection_id }) => change({ connection_id })}
        />
        {isNarrowed(search) && <AnchorLink to="/integrations/deliveries">Clear all filters</AnchorLink>}
      </Group>
      {search.vulnerability_id !== undefined && <Text size="sm">Only deliveries of one vulnerability.</Text>}
      {log.isError && <ProblemNote error={log.error} onRetry={() => void log.refetch()} />}
      <Panel flush>
        {log.isPending && <LoadingRows rows={8} />}
        {log.isSuccess && rows.length === 0 && <NoDeliveries narrowed={isNarrowed(search)} />}
        {rows.length > 0 && (
          <>
            <DeliveryTable rows={rows} onOpen={(delivery) => change({ delivery })} current={search.delivery} />
            <LoadMore shown={rows.length} one="delivery" many="deliveries" query={log} />
          </>
        )}
      </Panel>
      <DeliveryDrawer id={search.delivery} onClose={() => change({ delivery: undefined })} />
    </Stack>
  )
}

function toDirection(value: string): DeliverySearch {
  return { direction: toDeliverySearch({ direction: value }).direction }
}

function NoDeliveries({ narrowed }: { readonly narrowed: boolean }) {
  if (narrowed) {
    return (
      <EmptyState
        icon="filter"
        title="Nothing matches these filters"
        text="Take one away, or look at the whole log."
        action={
          <ButtonLink to="/integrations/deliveries" variant="default">
            Clear the filters
          </ButtonLink>
        }
      />
    )
  }
  return (
    <EmptyState
      icon="integrations"
      title="No deliveries yet"
      text="They begin when a repository is connected and a vulnerability is sent, or a developer writes a comment."
    />
  )
}
