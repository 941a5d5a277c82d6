import { Button, Group, MultiSelect, NativeSelect, Stack } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { deploymentPages } from '../../../api/deployments.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { hasOwnRange } from '../analytics/analytics-search.ts'
import { BackToAnalytics } from '../analytics/back-to-analytics.tsx'
import { TeamFilter } from '../teams/team-filter.tsx'
import {
  type DeploymentSearch,
  judgements,
  outcomes,
  periods,
  toDeploymentFilter,
  usualPeriod,
} from './deployment-search.ts'
import { DeploymentTable, type Marking } from './deployment-table.tsx'
import { outcomeWords } from './deployment-words.ts'
import { IncidentPanel } from './incident-panel.tsx'
import { MarkDialog } from './mark-dialog.tsx'

const route = getRouteApi('/app/analytics/deployments')

/** What went into production, what it counts as and why, and the incidents it is judged by. */
export function DeploymentsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (part: DeploymentSearch): void =>
    void navigate({ search: (before: DeploymentSearch) => ({ ...before, ...part }) })
  return (
    <>
      <PageHeader
        title="Deployments"
        lead="What went into production, as the figures count it: one line for all attempts, steps and regions of a pipeline."
        above={<Back search={search} />}
      />
      <Stack gap="md">
        <Filters search={search} onChange={change} />
        <DeploymentList
          search={search}
          onClear={() => change({ repository: [], team: [], outcome: [], judged: undefined })}
        />
        <IncidentPanel repository={search.repository} team={search.team} />
      </Stack>
    </>
  )
}

/** To where one came from. */
function Back({ search: { repository, team, days, from, to, back } }: { readonly search: DeploymentSearch }) {
  if (back === 'settings')
    return (
      <AnchorLink to="/settings/deployments" size="sm">
        <Icon name="left" size={13} /> Settings · Deployments
      </AnchorLink>
    )
  const same = { repository, team, days: days === 'all' ? ('365' as const) : days, from, to }
  return <BackToAnalytics otherwise={{ ...same, group: 'pipelines' }} />
}

type FiltersProps = { readonly search: DeploymentSearch; readonly onChange: (part: DeploymentSearch) => void }

const periodWords = {
  '7': 'Last 7 days',
  '30': 'Last 30 days',
  '90': 'Last 90 days',
  '180': 'Last half year',
  '365': 'Last year',
  all: 'All of it',
} as const
const judgedWords = { failed: 'Failed changes', rework: 'Rework', marked: 'Marked by a person' } as const

function Filters({ search, onChange }: FiltersProps) {
  const assets = useQuery(assetChoicesQuery)
  const repositories = (assets.data?.items ?? []).flatMap(({ repository }) => (repository === null ? [] : [repository]))
  return (
    <Group gap="sm" align="flex-end">
      <PeriodFilter search={search} onChange={onChange} />
      <MultiSelect
        label="Repositories"
        placeholder={(search.repository?.length ?? 0) === 0 ? 'All' : ''}
        searchable
        clearable
        w={200}
        value={search.repository ?? []}
        onChange={(repository) => onChange({ repository })}
        data={repositories.map(({ id, full_name }) => ({ value: id, label: full_name }))}
      />
      <TeamFilter width={180} chosen={search.team ?? []} onChange={(team) => onChange({ team })} />
      <MultiSelect
        label="State"
        placeholder={(search.outcome?.length ?? 0) === 0 ? 'All' : ''}
        clearable
        w={150}
        value={search.outcome ?? []}
        onChange={(chosen) => onChange({ outcome: outcomes.filter((one) => chosen.includes(one)) })}
        data={outcomes.map((value) => ({ value, label: outcomeWords[value].label }))}
      />
      <NativeSelect
        label="Judged"
        value={search.judged ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ judged: judgements.find((one) => one === value) })}
        data={[{ value: '', label: 'Anything' }, ...judgements.map((value) => ({ value, label: judgedWords[value] }))]}
      />
    </Group>
  )
}

/** The usual periods, and the days of a range of its own where the address names one. */
function PeriodFilter({ search, onChange }: FiltersProps) {
  const isOwn = hasOwnRange(search)
  const choose = (value: string) => {
    if (value !== 'own')
      onChange({
        from: undefined,
        to: undefined,
        days: value === usualPeriod ? undefined : periods.find((one) => one === value),
      })
  }
  return (
    <NativeSelect
      label="Period"
      value={isOwn ? 'own' : (search.days ?? usualPeriod)}
      onChange={({ currentTarget: { value } }) => choose(value)}
      data={[
        ...(isOwn ? [{ value: 'own', label: `${search.from} to ${search.to}` }] : []),
        ...periods.map((value) => ({ value, label: periodWords[value] })),
      ]}
    />
  )
}

const judgedEveryMs = 10_000

function DeploymentList({ search, onClear }: { readonly search: DeploymentSearch; readonly onClear: () => void }) {
  const mayMark = useMay('deployment.decide')
  const [now] = useState(() => new Date())
  const [marking, setMarking] = useState<Marking>()
  const list = useInfiniteQuery({
    ...deploymentPages(toDeploymentFilter(search, now)),
    placeholderData: keepPreviousData,
    // What is said is worked out behind the page.
    refetchInterval: judgedEveryMs,
  })
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  const isNarrowed =
    [search.repository, search.team, search.outcome].some((list) => list?.length) || search.judged !== undefined
  return (
    <Panel flush title="Into production" lead="What you say of one is counted within seconds.">
      {list.isPending && <LoadingRows rows={6} height={48} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (isNarrowed ? <NothingFits onClear={onClear} /> : <NothingYet />)}
      {rows.length > 0 && (
        <>
          <DeploymentTable rows={rows} onMark={mayMark ? setMarking : undefined} />
          <LoadMore shown={rows.length} one="deployment" query={list} />
        </>
      )}
      <MarkDialog marking={marking} onClose={() => setMarking(undefined)} />
    </Panel>
  )
}

function NothingFits({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState
      icon="filter"
      title="No deployment fits"
      text="Others may lie outside these filters or before this period."
      action={
        <Button variant="default" onClick={onClear}>
          Clear the filters
        </Button>
      }
    />
  )
}

function NothingYet() {
  return (
    <EmptyState
      icon="send"
      title="Nothing went into production"
      text="No deployment was told in this period by the source in force. The settings say which source each repository has, and how a pipeline can tell of its own."
      action={<AnchorLink to="/settings/deployments">Where deployments are told from</AnchorLink>}
    />
  )
}
