import { Anchor, Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Delivery } from '../../../../contract/sync/deliveries.ts'
import { toProblem } from '../../../api/api-problem.ts'
import { useRetryDelivery } from '../../../api/deliveries.ts'
import { useMay } from '../../../shell/use-session.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { toWords } from '../../../ui/words.ts'
import { DeliveryState } from './delivery-state.tsx'

/** What tells one row from the next where the table is not seen. */
function nameOf({ kind, direction, vulnerability, at }: Delivery): string {
  const what = direction === 'in' ? `webhook ${kind}` : toWords(kind).toLowerCase()
  const where = vulnerability === null ? '' : ` of #${vulnerability.number}`
  return `${what}${where}, ${new Date(at).toLocaleString()}`
}

export function RetryButton({ delivery }: { readonly delivery: Delivery }) {
  const mayRetry = useMay('delivery.retry')
  const retry = useRetryDelivery()
  if (!mayRetry || delivery.action === 'none') return null
  const label = delivery.action === 'retry' ? 'Retry' : 'Replay'
  const run = () =>
    retry.mutate(
      { params: { id: delivery.id } },
      {
        onSuccess: () =>
          notifications.show({ message: delivery.action === 'retry' ? 'Trying again now' : 'Processing it again' }),
        onError: (error) =>
          notifications.show({ color: 'red', title: `${label} failed`, message: toProblem(error).detail }),
      },
    )
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={retry.isPending}
      onClick={run}
      aria-label={`${label} ${nameOf(delivery)}`}
    >
      {label}
    </Button>
  )
}

function makeColumns(onOpen: (id: string) => void): Column<Delivery>[] {
  return [
    {
      key: 'direction',
      header: 'Way',
      width: '70px',
      cell: (row) => (
        <Group gap={5} wrap="nowrap">
          <Icon name={row.direction} size={16} />
          {row.direction === 'in' ? 'In' : 'Out'}
        </Group>
      ),
    },
    {
      key: 'kind',
      header: 'What',
      lead: true,
      cell: (row) => (
        <>
          <Anchor component="button" type="button" fw={600} c="inherit" ta="left" onClick={() => onOpen(row.id)}>
            {row.direction === 'in' ? row.kind : toWords(row.kind)}
          </Anchor>
          {row.vulnerability !== null && (
            <Text size="xs" truncate>
              <AnchorLink to="/vulnerabilities/$id" params={{ id: row.vulnerability.id }} size="xs">
                {`#${row.vulnerability.number} ${row.vulnerability.title}`}
              </AnchorLink>
            </Text>
          )}
          {(row.error ?? row.outcome) !== null && (
            <Text
              size="xs"
              {...(row.error === null ? { c: 'dimmed' } : { c: 'var(--bad-fg)' })}
              lineClamp={2}
              className="break"
            >
              {row.error ?? toWords(row.outcome ?? '')}
            </Text>
          )}
        </>
      ),
    },
    { key: 'state', header: 'State', width: '130px', cell: (row) => <DeliveryState state={row.state} /> },
    {
      key: 'attempts',
      header: 'Attempts',
      label: 'Attempts',
      width: '80px',
      align: 'right',
      cell: (row) => <span className="tabular">{row.attempts}</span>,
    },
    { key: 'at', header: 'When', width: '130px', cell: (row) => <TimeAgo at={row.at} /> },
    {
      key: 'action',
      header: <span className="nowrap">Action</span>,
      width: '90px',
      cell: (row) => <RetryButton delivery={row} />,
    },
  ]
}

type DeliveryTableProps = {
  readonly rows: readonly Delivery[]
  readonly onOpen: (id: string) => void
  readonly current: string | undefined
}

export function DeliveryTable({ rows, onOpen, current }: DeliveryTableProps) {
  return (
    <DataTable
      caption="Deliveries"
      columns={makeColumns(onOpen)}
      rows={rows}
      rowKey={(row) => row.id}
      current={current}
    />
  )
}
