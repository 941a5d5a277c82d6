import { Grid, SimpleGrid, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { severities } from '../../../../src/domain/severity.ts'
import { overviewQuery } from '../../../api/overview.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { useSession } from '../../../shell/use-session.ts'
import { SeverityMark } from '../../../ui/badges.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink, PlainLink } from '../../../ui/links.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { ProblemNote } from '../../../ui/states.tsx'
import { count, formatNumber, severityWords } from '../../../ui/words.ts'
import { OrganizationRiskPanel } from '../risk/organization-risk-panel.tsx'
import { Checklist } from './checklist.tsx'
import { DeadlineBar } from './deadline-bar.tsx'
import classes from './overview-page.module.css'
import { WorstOpen } from './worst-open.tsx'

type Overview = RouteResponse<'getOverview'>

export function OverviewPage() {
  const { organization } = useSession()
  const found = useQuery(overviewQuery)
  return (
    <>
      <PageHeader title="Overview" lead={`How ${organization.name} stands right now`} />
      {found.isPending && <Pending />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Loaded overview={found.data} />}
    </>
  )
}

function Pending() {
  return (
    <Stack aria-busy="true">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
        {severities.map((severity) => (
          <Skeleton key={severity} height={92} />
        ))}
      </SimpleGrid>
      <Skeleton height={240} />
    </Stack>
  )
}

function Loaded({ overview }: { readonly overview: Overview }) {
  const isDone = overview.checklist.every((item) => item.done)
  return (
    <Stack gap="lg">
      {overview.connections_with_problems.map((connection) => (
        <div key={connection.id} className={classes.problem} role="alert">
          <Icon name="alert" />
          <span className="break">
            <strong>{`${connection.name}: `}</strong>
            {`${connection.reason} `}
            <AnchorLink
              to="/integrations/connections/$id"
              params={{ id: connection.id }}
              c="inherit"
              underline="always"
            >
              Open the connection
            </AnchorLink>
          </span>
        </div>
      ))}
      <section aria-label="Open vulnerabilities by severity">
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
          {severities.map((severity) => (
            <PlainLink
              key={severity}
              to="/vulnerabilities"
              search={{ severity: [severity] }}
              className={classes.figure ?? ''}
            >
              <span className={classes.name}>
                <SeverityMark severity={severity} />
                {severityWords[severity]}
              </span>
              <span className={classes.number}>{formatNumber(overview.open[severity])}</span>
              <span className={classes.unit}>open</span>
            </PlainLink>
          ))}
        </SimpleGrid>
      </section>
      {overview.imports > 0 && <OrganizationRiskPanel />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7.5 }}>
          <Stack gap="lg">
            {!isDone && <Checklist steps={overview.checklist} />}
            <WorstOpen />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4.5 }}>
          <Stack gap="lg">
            <Waiting overview={overview} />
            <SoFar overview={overview} />
            {overview.deadlines !== null && <DeadlineBar deadlines={overview.deadlines} />}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

function Waiting({ overview }: { readonly overview: Overview }) {
  return (
    <Panel title="Waiting for you">
      <ul className={classes.list}>
        <li>
          <PlainLink to="/inbox" className={classes.line ?? ''}>
            <Icon name="inbox" />
            <span>{`${count(overview.unread, 'unread notification')} in your inbox`}</span>
            <Icon name="right" size={16} />
          </PlainLink>
        </li>
        <li>
          <PlainLink
            to="/vulnerabilities"
            search={{ status: ['awaiting_validation'], view: 'all' }}
            className={classes.line ?? ''}
          >
            <Icon name="clock" />
            <span>{`${count(overview.awaiting_validation, 'vulnerability', 'vulnerabilities')} said to be fixed, to validate`}</span>
            <Icon name="right" size={16} />
          </PlainLink>
        </li>
        {overview.imports_waiting > 0 && (
          <li>
            <PlainLink to="/imports" search={{ state: ['previewed', 'held'] }} className={classes.line ?? ''}>
              <Icon name="lock" />
              <span>{`${count(overview.imports_waiting, 'import')} to apply or discard`}</span>
              <Icon name="right" size={16} />
            </PlainLink>
          </li>
        )}
      </ul>
    </Panel>
  )
}

function SoFar({ overview }: { readonly overview: Overview }) {
  return (
    <Panel title="So far">
      <ul className={classes.list}>
        <li>
          <PlainLink to="/assets" className={classes.line ?? ''}>
            <Icon name="assets" />
            <span>{count(overview.assets, 'asset')}</span>
            <Icon name="right" size={16} />
          </PlainLink>
        </li>
        <li>
          <PlainLink to="/imports" search={{ state: ['applied'] }} className={classes.line ?? ''}>
            <Icon name="file" />
            <span>{count(overview.imports, 'applied import')}</span>
            <Icon name="right" size={16} />
          </PlainLink>
        </li>
      </ul>
    </Panel>
  )
}
