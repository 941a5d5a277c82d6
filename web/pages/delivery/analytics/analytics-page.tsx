import { Stack, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { metricsQuery } from '../../../api/metrics.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { ActivityPanel } from './activity-panel.tsx'
import { AgreementsPanel } from './agreements-panel.tsx'
import classes from './analytics.module.css'
import { AnalyticsFilters } from './analytics-filters.tsx'
import {
  type AnalyticsSearch,
  groups,
  inMonths,
  narrowTo,
  narrowToPullRequests,
  questionOf,
  scopeOf,
  widerThan,
} from './analytics-search.ts'
import { ComparePanel } from './compare-panel.tsx'
import { DeploymentsLink } from './deployments-link.tsx'
import { DeploymentsPanel } from './deployments-panel.tsx'
import { groupWords } from './group-words.ts'
import { InvestmentPanel } from './investment-panel.tsx'
import { keepView } from './last-view.ts'
import { MetricCard } from './metric-card.tsx'
import { MetricPanel } from './metric-panel.tsx'
import type { Metric } from './metric-words.ts'
import { PhasesPanel, phaseKeys, stageKeys } from './phases-panel.tsx'
import { ReviewPanel } from './review-panel.tsx'
import { ExposurePanel, PickupGapPanel } from './security-panels.tsx'
import { ShareMenu } from './share-menu.tsx'

const route = getRouteApi('/app/analytics')

export function AnalyticsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (part: AnalyticsSearch): void => void navigate({ search: (before) => ({ ...before, ...part }) })
  const tabs = useRef<HTMLDivElement>(null)
  useEffect(() => keepView(search), [search])
  const metrics = useQuery(metricsQuery)
  const group = search.group ?? 'dora'
  useEffect(() => showTab(tabs.current, group), [group])
  return (
    <>
      <PageHeader
        title="Analytics"
        lead="How work flows from the first commit to production, from what Bitbucket says. Every figure says what it was made of, and opens it."
        actions={<ShareMenu search={search} />}
      />
      <Stack gap="md">
        <AnalyticsFilters search={search} onChange={change} />
        <Tabs
          value={group}
          onChange={(value) => change({ group: groups.find((one) => one === value), metric: undefined })}
          keepMounted={false}
        >
          <Tabs.List mb="md" className={classes.tabs} ref={tabs}>
            {groups.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {groupWords[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={group}>
            {metrics.isPending && <LoadingRows rows={6} />}
            {metrics.isError && <ProblemNote error={metrics.error} onRetry={() => void metrics.refetch()} />}
            {metrics.isSuccess && group === 'compare' && (
              <ComparePanel metrics={metrics.data} search={search} onChange={change} />
            )}
            {group === 'agreements' && <Agreements search={search} />}
            {metrics.isSuccess && group !== 'compare' && group !== 'agreements' && (
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

/** Pushes tabs aside until the chosen one is seen; the page itself stays where it is. */
function showTab(list: HTMLElement | null, group: string): void {
  const chosen = list?.querySelector<HTMLElement>(`[id$="-tab-${group}"]`)
  if (list !== null && chosen) list.scrollLeft = chosen.offsetLeft - (list.clientWidth - chosen.offsetWidth) / 2
}

/** Of the range as it was when the page was opened. */
function Agreements({ search }: { readonly search: AnalyticsSearch }) {
  const [now] = useState(() => new Date())
  return <AgreementsPanel scope={scopeOf(narrowToPullRequests(search), now)} />
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
  const isSecurity = search.group === 'security'
  const ofMetric = (metric: Metric) => {
    const question = questionOf(narrowTo(search, metric), now)
    return isSecurity ? inMonths(question) : question
  }
  const keys = isSecurity ? stageKeys : phaseKeys
  const phases = keys.flatMap((key) => metrics.find((one) => one.key === key) ?? [])
  const [first] = phases
  return (
    <Stack gap="md">
      {metrics.length > 0 && (
        <div className={classes.cards}>
          {metrics.map((metric) => (
            <MetricCard
              key={metric.key}
              metric={metric}
              question={ofMetric(metric)}
              wider={widerThan(search, metric)}
              isChosen={metric === chosen}
              onChoose={() => onChange({ metric: metric.key })}
            />
          ))}
        </div>
      )}
      {first !== undefined && phases.length === keys.length && (
        <PhasesPanel
          title={isSecurity ? 'Stages' : 'Phases'}
          phases={phases}
          question={ofMetric(first)}
          onOpen={(metric) => onChange({ metric })}
        />
      )}
      {isSecurity && (
        <>
          <ExposurePanel
            question={questionOf(
              narrowTo({ ...search, severity: undefined }, { subject: 'vulnerability', has_business_hours: false }),
              now,
            )}
            onOpen={(metric, severity) =>
              onChange({ metric, severity: severity === undefined ? undefined : [severity] })
            }
          />
          <PickupGapPanel
            question={questionOf(narrowTo(search, { subject: 'pull_request', has_business_hours: false }), now)}
            onOpen={(metric) => onChange({ metric })}
          />
        </>
      )}
      <GroupPanel search={search} onChange={onChange} />
      {chosen !== undefined && (
        <MetricPanel
          key={chosen.key}
          metric={chosen}
          question={ofMetric(chosen)}
          scope={scopeOf(narrowTo(search, chosen), now)}
          statistic={search.statistic}
          onStatistic={(statistic) => onChange({ statistic })}
        />
      )}
    </Stack>
  )
}

/** What a tab has beside figures; above the chosen one, whose rows are many. */
function GroupPanel({ search, onChange }: Pick<MetricGroupProps, 'search' | 'onChange'>) {
  switch (search.group) {
    case 'dora':
      return <DeploymentsLink search={search} />
    case 'pipelines':
      return <DeploymentsPanel search={search} />
    case 'activity':
      return <ActivityPanel search={search} />
    case 'investment':
      return <InvestmentPanel search={search} onOpen={(metric) => onChange({ group: 'health', metric })} />
    case 'reviews':
      return <ReviewPanel search={search} />
    default:
      return null
  }
}
