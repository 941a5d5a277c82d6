import { Button, Group, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import type { Webhook } from '../../../../contract/remotes/webhooks.ts'
import { useRemoveWebhook, useRepairWebhook, useRotateWebhook, webhookPages } from '../../../api/connections.ts'
import { useRemakeWebhooks } from '../../../api/remake-webhooks.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import type { IconName } from '../../../ui/icon.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count, type Tone } from '../../../ui/words.ts'
import { remoteWords } from '../remote-words.ts'
import { WebhookByHand } from './webhook-by-hand.tsx'
import { isSilent, WebhookProof, WebhookTestButton, WebhookTestResult } from './webhook-test.tsx'

const healthWords: Record<Webhook['health'], { label: string; tone: Tone; icon: IconName }> = {
  pending: { label: 'Being made', tone: 'busy', icon: 'clock' },
  ok: { label: 'Healthy', tone: 'good', icon: 'check' },
  inactive: { label: 'Switched off', tone: 'warn', icon: 'alert' },
  missing: { label: 'Missing', tone: 'bad', icon: 'alert' },
  forbidden: { label: 'No permission', tone: 'bad', icon: 'lock' },
  changed: { label: 'Changed', tone: 'warn', icon: 'alert' },
  removed: { label: 'Removed', tone: 'notification', icon: 'trash' },
}

function makeColumns({ kind }: Connection, mayWrite: boolean): Column<Webhook>[] {
  const { place } = remoteWords[kind]
  const columns: Column<Webhook>[] = [
    {
      key: 'subject',
      header: 'For',
      lead: true,
      cell: (row) => (
        <>
          <Text fw={600} className="break">
            {row.subject === 'workspace' ? `The whole ${place}` : (row.repository_name ?? 'A repository')}
          </Text>
          {row.health_reason !== null && (
            <Text size="xs" c="dimmed" className="break">
              {row.health_reason}
            </Text>
          )}
          <WebhookTestResult webhook={row} />
          {kind === 'jira' && <WebhookProof webhook={row} />}
        </>
      ),
    },
    {
      key: 'health',
      header: 'Health',
      width: '140px',
      cell: (row) =>
        isSilent(row) ? (
          <ToneBadge tone="bad" icon="alert">
            Not arriving
          </ToneBadge>
        ) : (
          <ToneBadge tone={healthWords[row.health].tone} icon={healthWords[row.health].icon}>
            {healthWords[row.health].label}
          </ToneBadge>
        ),
    },
    {
      key: 'events',
      header: 'Events',
      label: 'Events',
      width: '100px',
      cell: (row) => (
        <Tooltip label={row.events.join(', ')} multiline maw={320}>
          {/* Focusable, so that the keyboard reaches the list too. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the list of events shows on focus, too */}
          <span tabIndex={0}>{count(row.events.length, 'event')}</span>
        </Tooltip>
      ),
    },
    {
      key: 'last',
      header: 'Last delivery',
      label: 'Last delivery',
      width: '140px',
      cell: (row) =>
        row.last_delivery_at === null ? <Text c="dimmed">None yet</Text> : <TimeAgo at={row.last_delivery_at} />,
    },
  ]
  if (mayWrite)
    columns.push({
      key: 'action',
      header: 'Actions',
      width: '290px',
      cell: (row) => <WebhookActions webhook={row} kind={kind} />,
    })
  return columns
}

export function WebhookPanel({
  connection,
  mayWrite,
}: {
  readonly connection: Connection
  readonly mayWrite: boolean
}) {
  const list = useInfiniteQuery(webhookPages({ connection_id: connection.id }))
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Panel
      flush
      title="Webhooks"
      lead={
        connection.webhooks_total === 0
          ? 'Weir makes, signs and checks them itself.'
          : `${connection.webhooks_ok} of ${connection.webhooks_total} healthy. Weir makes, signs and checks them itself.`
      }
    >
      {list.isPending && <LoadingRows rows={2} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <NoWebhook connection={connection} mayWrite={mayWrite} />}
      {rows.length > 0 && (
        <>
          <DataTable
            caption="Webhooks"
            columns={makeColumns(connection, mayWrite)}
            rows={rows}
            rowKey={(row) => row.id}
          />
          <LoadMore shown={rows.length} one="webhook" query={list} />
        </>
      )}
    </Panel>
  )
}

type NoWebhookProps = { readonly connection: Connection; readonly mayWrite: boolean }

/** Without one, because of three things: the connection ended, somebody removed it, or nothing was chosen yet. */
function NoWebhook({ connection, mayWrite }: NoWebhookProps) {
  const remake = useRemakeWebhooks(connection.id)
  if (connection.state === 'disconnected')
    return <EmptyState icon="integrations" title="No webhook" text="They ended with the connection." />
  if (connection.kind === 'jira')
    return (
      <EmptyState
        icon="integrations"
        title="No webhook"
        text="Comments and changes in Jira are only seen by the regular comparison, not at once. “Check now” makes it again."
      />
    )
  if (connection.assets === 0)
    return (
      <EmptyState
        icon="integrations"
        title="No webhook yet"
        text="Weir makes one as soon as repositories are chosen."
      />
    )
  return (
    <>
      <EmptyState
        icon="integrations"
        title="No webhook"
        text="Comments and changes in Bitbucket are only seen by the regular comparison, not at once."
        action={
          mayWrite && (
            <Button loading={remake.isPending} onClick={() => remake.mutate()}>
              Make it again
            </Button>
          )
        }
      />
      {remake.isError && <ProblemNote error={remake.error} />}
    </>
  )
}

function WebhookActions({ webhook, kind }: { readonly webhook: Webhook; readonly kind: Connection['kind'] }) {
  const repair = useRepairWebhook()
  const rotate = useRotateWebhook()
  const remove = useRemoveWebhook()
  const [opened, dialog] = useDisclosure(false)
  const params = { id: webhook.id }
  const { title, place } = remoteWords[kind]
  const name = webhook.repository_name ?? `the ${place}`
  const error = repair.error ?? rotate.error
  return (
    <Group gap={6}>
      <Button
        size="compact-xs"
        variant="default"
        loading={repair.isPending}
        aria-label={`Check and repair the webhook of ${name}`}
        onClick={() =>
          repair.mutate(
            { params },
            { onSuccess: (after) => notifications.show({ message: healthWords[after.health].label }) },
          )
        }
      >
        Repair
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        loading={rotate.isPending}
        aria-label={`New secret for the webhook of ${name}`}
        onClick={() =>
          rotate.mutate(
            { params },
            {
              onSuccess: () => notifications.show({ message: 'New secret; the old one is accepted for one more hour' }),
            },
          )
        }
      >
        New secret
      </Button>
      {kind === 'bitbucket' && <WebhookTestButton webhook={webhook} name={name} />}
      {kind === 'jira' && webhook.health === 'forbidden' && <WebhookByHand webhook={webhook} />}
      <Button size="compact-xs" variant="default" aria-label={`Remove the webhook of ${name}`} onClick={dialog.open}>
        Remove
      </Button>
      {error !== null && <ProblemNote error={error} />}
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Remove this webhook?"
        text={`Comments and changes in ${title} are then only seen by the regular comparison, not at once.`}
        confirm="Remove the webhook"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params }, { onSuccess: dialog.close })}
      />
    </Group>
  )
}
