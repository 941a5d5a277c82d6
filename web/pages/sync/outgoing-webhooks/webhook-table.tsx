import { Anchor, Text } from '@mantine/core'
import type { OutgoingWebhook } from '../../../../contract/sync/outgoing-webhooks.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { kindWords } from './event-words.ts'
import { WebhookActions } from './webhook-actions.tsx'

export function WebhookState({ webhook }: { readonly webhook: OutgoingWebhook }) {
  if (webhook.state === 'disabled')
    return (
      <ToneBadge tone={webhook.state_reason === null ? 'notification' : 'bad'} icon="close">
        Disabled
      </ToneBadge>
    )
  if (webhook.failing_since !== null)
    return (
      <ToneBadge tone="warn" icon="alert">
        Failing
      </ToneBadge>
    )
  return (
    <ToneBadge tone="good" icon="check">
      Active
    </ToneBadge>
  )
}

/** What is wrong with it, in a sentence. */
function Trouble({ webhook }: { readonly webhook: OutgoingWebhook }) {
  const { state, state_reason: reason, failing_since: since, next_attempt_at: next } = webhook
  if (state === 'disabled') return reason === null ? null : <>{reason} Enable it again when that is mended.</>
  if (since === null) return null
  return (
    <>
      Nothing arrived since <TimeAgo at={since} />
      {next !== null && (
        <>
          ; next attempt <TimeAgo at={next} />
        </>
      )}
    </>
  )
}

type WebhookTableProps = {
  readonly rows: readonly OutgoingWebhook[]
  readonly mayWrite: boolean
  readonly onLog: (id: string) => void
  readonly current: string | undefined
}

function makeColumns({ mayWrite, onLog }: Pick<WebhookTableProps, 'mayWrite' | 'onLog'>): Column<OutgoingWebhook>[] {
  const columns: Column<OutgoingWebhook>[] = [
    {
      key: 'name',
      header: 'Webhook',
      lead: true,
      cell: (row) => (
        <>
          <Anchor component="button" type="button" fw={600} c="inherit" ta="left" onClick={() => onLog(row.id)}>
            <span className="break">{row.name}</span>
          </Anchor>
          <Text size="xs" c="dimmed" className="break">
            {`${kindWords[row.kind]} · ${row.address} · ${count(row.events.length, 'kind of event', 'kinds of events')}`}
          </Text>
          <Text component="div" size="xs" c="var(--bad-fg)" className="break">
            <Trouble webhook={row} />
          </Text>
        </>
      ),
    },
    { key: 'state', header: 'State', width: '120px', cell: (row) => <WebhookState webhook={row} /> },
    {
      key: 'queued',
      header: 'Waiting',
      label: 'Waiting',
      width: '80px',
      align: 'right',
      cell: (row) => <span className="tabular">{row.queued}</span>,
    },
    {
      key: 'delivered',
      header: 'Last arrived',
      label: 'Last arrived',
      width: '130px',
      cell: (row) => (row.delivered_at === null ? <Text c="dimmed">Never</Text> : <TimeAgo at={row.delivered_at} />),
    },
  ]
  if (mayWrite)
    columns.push({ key: 'action', header: 'Actions', width: '150px', cell: (row) => <WebhookActions webhook={row} /> })
  return columns
}

export function WebhookTable({ rows, mayWrite, onLog, current }: WebhookTableProps) {
  return (
    <DataTable
      caption="Webhooks and channels"
      columns={makeColumns({ mayWrite, onLog })}
      rows={rows}
      rowKey={(row) => row.id}
      current={current}
    />
  )
}
