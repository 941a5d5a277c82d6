import { Stack, Text } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { pickupGap } from '../../../../src/domain/delivery/remediation/pickup-gap.ts'
import { type Severity, severities } from '../../../../src/domain/severity.ts'
import { type MetricQuestion, metricQuery } from '../../../api/metrics.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { PlainButton } from './plain-button.tsx'

type PanelProps = { readonly question: MetricQuestion; readonly onOpen: (key: string, severity?: Severity) => void }

/** How much longer security work waits for its first review than other work in the same repositories. */
export function PickupGapPanel({ question, onOpen }: PanelProps) {
  const security = useQuery(metricQuery('security_pickup', question))
  const others = useQuery(metricQuery('other_pickup', question))
  const failed = [security, others].find(({ isError }) => isError)
  if (failed?.error) return <ProblemNote error={failed.error} onRetry={() => void failed.refetch()} />
  if (security.data === undefined || others.data === undefined) return <LoadingRows rows={2} />
  const gap = pickupGap(security.data, others.data)
  return (
    <Panel
      title="Security pickup gap"
      lead="Median wait for the first review, against other work in the same repositories."
    >
      <Stack gap="xs">
        <Text size="xl" fw={650} className="tabular">
          {gapWords(gap)}
        </Text>
        <Text size="sm">
          <PlainButton onClick={() => onOpen('security_pickup')}>
            {`Security work ${formatValue(security.data.value, 'seconds')} (n = ${security.data.n})`}
          </PlainButton>
          {' · '}
          <PlainButton onClick={() => onOpen('other_pickup')}>
            {`Other work ${formatValue(others.data.value, 'seconds')} (n = ${others.data.n})`}
          </PlainButton>
        </Text>
      </Stack>
    </Panel>
  )
}

function gapWords(gap: number | null): string {
  if (gap === null) return 'Too few to compare: five of each are needed'
  if (gap === 0) return 'They wait equally long'
  return `${formatValue(Math.abs(gap), 'seconds')} ${gap > 0 ? 'longer' : 'less'}`
}

type Row = { severity: Severity; closed: string; closedCount: number; open: string; openCount: number }

/** How long vulnerabilities of each severity were in production, and how long those have been that still are. */
export function ExposurePanel({ question, onOpen }: PanelProps) {
  const closed = useQueries({
    queries: severities.map((severity) => metricQuery('exposure_window', { ...question, severity: [severity] })),
  })
  const open = useQueries({
    queries: severities.map((severity) => metricQuery('open_exposure', { ...question, severity: [severity] })),
  })
  const failed = [...closed, ...open].find(({ isError }) => isError)
  if (failed?.error) return <ProblemNote error={failed.error} onRetry={() => void failed.refetch()} />
  if ([...closed, ...open].some(({ isPending }) => isPending)) return <LoadingRows rows={5} />
  const rows = severities.map((severity, index): Row => {
    const [over, lasting] = [closed[index]?.data, open[index]?.data]
    return {
      severity,
      closed: formatValue(over?.value ?? null, 'seconds'),
      closedCount: over?.n ?? 0,
      open: formatValue(lasting?.value ?? null, 'seconds'),
      openCount: lasting?.n ?? 0,
    }
  })
  return (
    <Panel title="Exposure by severity" lead="Medians, from the deployment that brought it, or from when it was found.">
      <DataTable
        caption="Exposure by severity"
        columns={columnsOf(onOpen)}
        rows={rows}
        rowKey={({ severity }) => severity}
      />
    </Panel>
  )
}

function columnsOf(onOpen: PanelProps['onOpen']): Column<Row>[] {
  return [
    { key: 'severity', header: 'Severity', lead: true, cell: ({ severity }) => <SeverityBadge severity={severity} /> },
    {
      key: 'closed',
      header: 'Fixed in production',
      label: 'Fixed in production',
      cell: ({ severity, closed, closedCount }) => (
        <PlainButton
          onClick={() => onOpen('exposure_window', severity)}
        >{`${closed} (n = ${closedCount})`}</PlainButton>
      ),
    },
    {
      key: 'open',
      header: 'Still exposed',
      label: 'Still exposed',
      cell: ({ severity, open, openCount }) => (
        <PlainButton onClick={() => onOpen('open_exposure', severity)}>{`${open} (n = ${openCount})`}</PlainButton>
      ),
    },
  ]
}
