import { Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { deploymentPages } from '../../../api/deployments.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { withoutEmpty } from '../../../search-params.ts'
import { NoData } from '../../../ui/charts/chart-frame.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink, ExternalLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { toWords } from '../../../ui/words.ts'
import { type AnalyticsSearch, scopeOf } from './analytics-search.ts'
import { DeploymentsLink } from './deployments-link.tsx'

/** Few: the chosen figure stands below. */
const rowsAtOnce = 8

type Deployment = RouteResponse<'listDeployments'>['items'][number]

const judgedBy: Record<NonNullable<Deployment['failed_by']>, string> = {
  manual: 'somebody says so',
  incident: 'an incident followed',
  rollback: 'it was rolled back',
  hotfix: 'a repair followed',
  deploy_failed: 'it did not succeed itself',
}

/** Why a deployment counts as failed, and since when that was over; of one that did not: so. */
function verdictOf({ failed_by, outcome }: Deployment): string {
  if (failed_by !== null) return `Failed: ${judgedBy[failed_by]}`
  return outcome === 'successful' ? 'Not failed' : 'Neither'
}

/** The latest production deployments of the period, as they count. They have neither branch nor label to be narrowed by. */
export function DeploymentsPanel({ search }: { readonly search: AnalyticsSearch }) {
  const [now] = useState(() => new Date())
  const { from, to, repository, team } = scopeOf(search, now)
  const list = useInfiniteQuery({
    ...deploymentPages(withoutEmpty({ from, to, repository, team }), rowsAtOnce),
    placeholderData: keepPreviousData,
  })
  const isWider = [search.branch, search.label].some((list) => list?.length)
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Panel
      title="Latest deployments"
      lead="To production, each once however many attempts, steps and regions it took, and what it counts as."
      actions={<DeploymentsLink search={search} />}
    >
      {isWider && (
        <Text size="sm" c="dimmed" mb="sm">
          Of all branches and labels: a deployment has neither.
        </Text>
      )}
      {list.isPending && <LoadingRows rows={4} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <NoData>
          No deployment to production in this period. They are read from Bitbucket, or told by your pipeline: see under{' '}
          <AnchorLink to="/integrations">Integrations</AnchorLink> how far Bitbucket has been read.
        </NoData>
      )}
      {rows.length > 0 && (
        <DataTable caption="Latest deployments" columns={columns} rows={rows} rowKey={({ id }) => id} />
      )}
      {list.isSuccess && rows.length > 0 && <LoadMore shown={rows.length} one="deployment" query={list} />}
    </Panel>
  )
}

const columns: readonly Column<Deployment>[] = [
  {
    key: 'deployment',
    header: 'Deployment',
    lead: true,
    cell: ({ repository, name, commit, web_url, environment }) => (
      <>
        <ExternalLink href={web_url ?? ''} className="break">
          {[name ?? repository.name, commit?.slice(0, 12)].filter((part) => part !== undefined).join(' ')}
        </ExternalLink>
        <Text size="xs" c="dimmed">
          {`${repository.name} · ${environment}`}
        </Text>
      </>
    ),
  },
  {
    key: 'state',
    header: 'State',
    label: 'State',
    cell: ({ outcome, is_rollback, is_rework }) =>
      [toWords(outcome), is_rollback && 'rollback', is_rework && 'rework'].filter(Boolean).join(' · '),
    width: '160px',
  },
  {
    key: 'changes',
    header: 'Pull requests',
    label: 'Pull requests',
    align: 'right',
    cell: ({ changes }) => changes,
    width: '120px',
  },
  { key: 'verdict', header: 'Judged', label: 'Judged', cell: verdictOf, width: '220px' },
  { key: 'at', header: 'When', label: 'When', cell: (row) => <TimeAgo at={row.completed_at} />, width: '130px' },
]
