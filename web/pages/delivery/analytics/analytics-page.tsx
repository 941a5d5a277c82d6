import { Stack, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { metricsQuery } from '../../../api/metrics.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { AgreementsPanel } from './agreements-panel.tsx'
import classes from './analytics.module.css'
import { AnalyticsFilters } from './analytics-filters.tsx'
import { type AnalyticsSearch, groups, questionOf, scopeOf } from './analytics-search.ts'
import { MetricCard } from './metric-card.tsx'
import { MetricPanel } from './metric-panel.tsx'
import type { Metric } from './metric-words.ts'
import { PhasesPanel, phaseKeys } from './phases-panel.tsx'

const route = getRouteApi('/app/analytics')

const groupWords: Record<(typeof groups)[number], string> = {
  dora: 'DORA',
  flow: 'Flow',
  reviews: 'Reviews',
  health: 'Pull requests',
  agreements: 'Agreements',
}

export function AnalyticsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (part: AnalyticsSearch): void => void navigate({ search: (before) => ({ ...before, ...part }) })
  const metrics = useQuery(metricsQuery)
  const group = search.group ?? 'dora'
  return (
    <>
      <PageHeader
        title="Analytics"
        lead="How work flows from the first commit to production, from what Bitbucket says. Every figure says what it was made of, and opens it."
      />
      <Stack gap="md">
        <AnalyticsFilters search={search} onChange={change} />
        <Tabs
          value={group}
          onChange={(value) => change({ group: groups.find((one) => one === value), metric: undefined })}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {groups.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {groupWords[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={group}>
            {metrics.isPending && <LoadingRows rows={6} />}
            {metrics.isError && <ProblemNote error={metrics.error} onRetry={() => void metrics.refetch()} />}
            {group === 'agreements' && <Agreements search={search} />}
            {metrics.isSuccess && group !== 'agreements' && (
              <MetricGroup
                metrics={metrics.data.filter((one) => one.group === group)}
                search={search}
                onChange={change}
              />
            )}
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  )
}

/** Of the range as it was when the page was opened. */
function Agreements({ search }: { readonly search: AnalyticsSearch }) {
  const [now] = useState(() => new Date())
  return <AgreementsPanel scope={scopeOf(search, now)} />
}

type MetricGroupProps = {
  readonly metrics: readonly Metric[]
  readonly search: AnalyticsSearch
  readonly onChange: (part: AnalyticsSearch) => void
}

function MetricGroup({ metrics, search, onChange }: MetricGroupProps) {
  // Today's, as long as the page is open: a figure that moves while it is read cannot be talked about.
  const [now] = useState(() => new Date())
  const chosen = metrics.find(({ key }) => key === search.metric) ?? metrics[0]
  const ofMetric = ({ subject }: Metric) =>
    questionOf(subject === 'deployment' ? { ...search, branch: [] } : search, now)
  const phases = phaseKeys.flatMap((key) => metrics.find((one) => one.key === key) ?? [])
  return (
    <Stack gap="md">
      <div className={classes.cards}>
        {metrics.map((metric) => (
          <MetricCard
            key={metric.key}
            metric={metric}
            question={ofMetric(metric)}
            isChosen={metric === chosen}
            onChoose={() => onChange({ metric: metric.key })}
          />
        ))}
      </div>
      {phases.length === phaseKeys.length && (
        <PhasesPanel phases={phases} question={questionOf(search, now)} onOpen={(metric) => onChange({ metric })} />
      )}
      {chosen !== undefined && (
        <MetricPanel
          key={chosen.key}
          metric={chosen}
          question={ofMetric(chosen)}
          scope={scopeOf(chosen.subject === 'deployment' ? { ...search, branch: [] } : search, now)}
          statistic={search.statistic ?? 'median'}
          onStatistic={(statistic) => onChange({ statistic: statistic === 'median' ? undefined : statistic })}
        />
      )}
    </Stack>
  )
}
