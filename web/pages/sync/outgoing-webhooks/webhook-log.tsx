import { Accordion, Button, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { OutgoingDelivery, OutgoingWebhook } from '../../../../contract/sync/outgoing-webhooks.ts'
import { toProblem } from '../../../api/api-problem.ts'
import {
  outgoingDeliveryPages,
  outgoingDeliveryQuery,
  useResendOutgoingDelivery,
} from '../../../api/outgoing-webhooks.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import type { IconName } from '../../../ui/icon.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count, type Tone } from '../../../ui/words.ts'

type WebhookLogProps = {
  readonly webhook: OutgoingWebhook | undefined
  readonly mayWrite: boolean
  readonly onClose: () => void
}

/** What was sent to one webhook, newest first; it stays for 30 days. */
export function WebhookLog({ webhook, mayWrite, onClose }: WebhookLogProps) {
  return (
    <Drawer
      opened={webhook !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={<Text fw={650}>{webhook === undefined ? 'Log' : `Log of “${webhook.name}”`}</Text>}
    >
      {webhook !== undefined && <Log webhook={webhook} mayWrite={mayWrite} />}
    </Drawer>
  )
}

function Log({ webhook, mayWrite }: { readonly webhook: OutgoingWebhook; readonly mayWrite: boolean }) {
  const [open, setOpen] = useState<string | null>(null)
  const log = useInfiniteQuery(outgoingDeliveryPages(webhook.id))
  const rows = log.data?.pages.flatMap((page) => page.items) ?? []
  if (log.isPending) return <LoadingRows rows={6} />
  if (log.isError) return <ProblemNote error={log.error} onRetry={() => void log.refetch()} />
  if (rows.length === 0)
    return <EmptyState icon="send" title="Nothing was sent yet" text="Send a test event to see whether it arrives." />
  return (
    <>
      <Accordion value={open} onChange={setOpen} chevronPosition="left">
        {rows.map((row) => (
          <Accordion.Item key={row.id} value={row.id}>
            <Accordion.Control>
              <Line delivery={row} />
            </Accordion.Control>
            <Accordion.Panel>
              {open === row.id && <Detail delivery={row} mayResend={mayWrite && webhook.state === 'active'} />}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      <LoadMore shown={rows.length} one="event" query={log} />
    </>
  )
}

const stateWords: Record<OutgoingDelivery['state'], { label: string; tone: Tone; icon: IconName }> = {
  queued: { label: 'Waiting', tone: 'busy', icon: 'clock' },
  delivered: { label: 'Delivered', tone: 'good', icon: 'check' },
  failed: { label: 'Given up', tone: 'bad', icon: 'alert' },
}

function Line({ delivery }: { readonly delivery: OutgoingDelivery }) {
  const { label, tone, icon } = stateWords[delivery.state]
  return (
    <Group gap="xs" justify="space-between">
      <div style={{ minWidth: 0 }}>
        <Text fw={600} className="mono break" size="sm">
          {delivery.event_type}
        </Text>
        <Text size="xs" c="dimmed">
          <TimeAgo at={delivery.created_at} />
          {delivery.attempts > 0 && ` · ${count(delivery.attempts, 'attempt')}`}
          {delivery.response_status !== null && ` · answered ${delivery.response_status}`}
        </Text>
      </div>
      <ToneBadge tone={tone} icon={icon}>
        {label}
      </ToneBadge>
    </Group>
  )
}

function prettify(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function Detail({ delivery, mayResend }: { readonly delivery: OutgoingDelivery; readonly mayResend: boolean }) {
  const found = useQuery(outgoingDeliveryQuery(delivery.id))
  if (found.isPending) return <LoadingRows rows={3} />
  if (found.isError) return <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
  const { payload, response_text: answer, error, event_id: eventId } = found.data
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="xs" c="dimmed" className="mono break">{`webhook-id ${eventId}`}</Text>
        {mayResend && <ResendButton delivery={delivery} />}
      </Group>
      {error !== null && (
        <Text c="var(--bad-fg)" className="break">
          {error}
        </Text>
      )}
      <Title order={3}>The event</Title>
      <CodeBlock label="The event" text={prettify(payload)} />
      {answer !== null && answer !== '' && (
        <>
          <Title order={3}>The answer</Title>
          <CodeBlock label="The answer" text={answer} />
        </>
      )}
    </Stack>
  )
}

function ResendButton({ delivery }: { readonly delivery: OutgoingDelivery }) {
  const resend = useResendOutgoingDelivery()
  const run = () =>
    resend.mutate(
      { params: { id: delivery.id } },
      {
        onSuccess: () => notifications.show({ message: 'Sending it again' }),
        onError: (error) =>
          notifications.show({ color: 'red', title: 'It was not sent again', message: toProblem(error).detail }),
      },
    )
  return (
    <Button size="compact-xs" variant="default" loading={resend.isPending} onClick={run}>
      Send again
    </Button>
  )
}
