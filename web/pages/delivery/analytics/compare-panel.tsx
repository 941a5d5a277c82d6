import { Button, Group, MultiSelect, SegmentedControl, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { comparePages, listAllCompared } from '../../../api/lens.ts'
import { saveCsv } from '../../../ui/charts/save-chart.ts'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { type AnalyticsSearch, figuresAtMost, scopeOf, widerThan } from './analytics-search.ts'
import { CompareTable } from './compare-table.tsx'
import { compareFile } from './compare-words.ts'
import type { Metric } from './metric-words.ts'

type ComparePanelProps = {
  readonly metrics: readonly Metric[]
  readonly search: AnalyticsSearch
  readonly onChange: (part: AnalyticsSearch) => void
}

/** Shown where nothing is chosen: by the API, too. */
const usualFigures = [
  'pr_throughput',
  'pr_cycle_time',
  'pickup_time',
  'pr_size',
  'deployment_frequency',
  'change_failure_rate',
]

/** Every repository, or every team, with the same few figures. */
export function ComparePanel({ metrics, search, onChange }: ComparePanelProps) {
  const [now] = useState(() => new Date())
  const [zone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  const keys = (search.figure?.length ? search.figure : usualFigures).filter((key) =>
    metrics.some((metric) => metric.key === key),
  )
  const shown = keys.flatMap((key) => metrics.find((metric) => metric.key === key) ?? [])
  const isKnown = search.sort === undefined || search.sort === 'name' || keys.includes(search.sort)
  const question = {
    ...scopeOf(search, now),
    by: search.by ?? ('repository' as const),
    metric: keys,
    statistic: search.statistic,
    time_zone: zone,
    text: search.name,
    sort: isKnown ? search.sort : undefined,
    direction: isKnown ? search.direction : undefined,
  }
  const list = useInfiniteQuery({
    ...comparePages(question),
    // Rows stay while they are asked for in another way, but a repository is no team.
    placeholderData: (before, query) =>
      JSON.stringify(query?.queryKey ?? []).includes(`"by":"${question.by}"`) ? before : undefined,
  })
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  const what = search.by === 'team' ? 'team' : 'repository'
  return (
    <Panel flush>
      <Stack gap="md" p="md">
        <Group gap="sm" align="flex-end">
          <SegmentedControl
            aria-label="Rows"
            value={what}
            onChange={(value) =>
              onChange({ by: value === 'team' ? 'team' : undefined, sort: undefined, direction: undefined })
            }
            data={[
              { value: 'repository', label: 'Repositories' },
              { value: 'team', label: 'Teams' },
            ]}
          />
          <SearchInput
            label={`Search by name of the ${what}`}
            placeholder="Name"
            value={search.name ?? ''}
            onChange={(name) => onChange({ name: name === '' ? undefined : name })}
          />
          <SaveButton save={async () => saveCsv(compareFile(shown, await listAllCompared(question)), `by-${what}`)} />
        </Group>
        <MultiSelect
          label="Figures"
          description={`Up to ${figuresAtMost}.`}
          searchable
          maxValues={figuresAtMost}
          value={keys}
          onChange={(figure) => onChange({ figure })}
          data={metrics.map(({ key, title }) => ({ value: key, label: title }))}
        />
      </Stack>
      {list.isPending && <LoadingRows rows={6} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <NoRows search={search} onChange={onChange} />}
      {rows.length > 0 && (
        <>
          <WiderNote search={search} metrics={shown} />
          <CompareTable rows={rows} metrics={shown} search={search} onChange={onChange} />
          <LoadMore
            shown={rows.length}
            total={list.data?.pages[0]?.total}
            one={what}
            many={what === 'team' ? 'teams' : 'repositories'}
            query={list}
          />
        </>
      )}
    </Panel>
  )
}

/** Figures that the page's filters cannot narrow are not taken for narrowed. */
function WiderNote({ search, metrics }: Pick<ComparePanelProps, 'search' | 'metrics'>) {
  const wider = metrics.flatMap((metric) => {
    const words = widerThan(search, metric)
    return words.length === 0 ? [] : [`${metric.title} of ${words.join(' and ')}`]
  })
  if (wider.length === 0) return null
  return (
    <Text size="sm" c="dimmed" px="md" pb="md">
      {`Not every figure can be narrowed: ${wider.join(', ')}.`}
    </Text>
  )
}

function SaveButton({ save }: { readonly save: () => Promise<void> }) {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const run = async () => {
    setState('busy')
    try {
      await save()
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  return (
    <Button
      variant="default"
      loading={state === 'busy'}
      leftSection={<Icon name="in" size={15} />}
      onClick={() => void run()}
    >
      {state === 'failed' ? 'Not saved. Try again' : 'Save all rows as CSV'}
    </Button>
  )
}

function NoRows({ search, onChange }: Omit<ComparePanelProps, 'metrics'>) {
  const isNarrowed = search.name !== undefined || [search.team, search.repository].some((list) => list?.length)
  if (isNarrowed)
    return (
      <EmptyState
        icon="filter"
        title="Nothing fits"
        text="No row has this name, or what is filtered by leaves none."
        action={
          <Button variant="default" onClick={() => onChange({ name: undefined, team: [], repository: [] })}>
            Clear name, teams and repositories
          </Button>
        }
      />
    )
  return search.by === 'team' ? (
    <EmptyState
      icon="person"
      title="No teams yet"
      text="Put people and repositories into teams, and their figures stand here side by side."
      action={<AnchorLink to="/settings/teams">Make a team</AnchorLink>}
    />
  ) : (
    <EmptyState
      icon="integrations"
      title="No repositories yet"
      text="Connect Bitbucket and choose repositories: what is read of them is counted here."
      action={<AnchorLink to="/integrations">Open Integrations</AnchorLink>}
    />
  )
}
