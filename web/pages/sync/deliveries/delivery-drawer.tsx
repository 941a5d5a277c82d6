import { Button, Drawer, Group, List, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { deliveryBodyDays } from '../../../../src/domain/retention.ts'
import { deliveryQuery, useSkipDelivery } from '../../../api/deliveries.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { useMay } from '../../../shell/use-session.ts'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { FactList } from '../../../ui/fact-list.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { toWords } from '../../../ui/words.ts'
import { DeliveryState } from './delivery-state.tsx'
import { RetryButton } from './delivery-table.tsx'

type DeliveryDrawerProps = { readonly id: string | undefined; readonly onClose: () => void }

export function DeliveryDrawer({ id, onClose }: DeliveryDrawerProps) {
  const found = useQuery({ ...deliveryQuery(id ?? ''), enabled: id !== undefined })
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={<Text fw={650}>Delivery</Text>}
    >
      {found.isLoading && <LoadingRows rows={6} />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Detail delivery={found.data} />}
    </Drawer>
  )
}

function prettify(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), null, 2)
  } catch {
    return content
  }
}

function Detail({ delivery }: { readonly delivery: RouteResponse<'getDelivery'> }) {
  const content = prettify(delivery.content)
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2}>{delivery.direction === 'in' ? delivery.kind : toWords(delivery.kind)}</Title>
          <DeliveryState state={delivery.state} />
        </Group>
        <Group gap="xs">
          <RetryButton delivery={delivery} />
          <SkipButton delivery={delivery} />
        </Group>
      </Group>
      {delivery.error !== null && <ErrorText code={delivery.error_code} text={delivery.error} />}
      <FactList
        facts={[
          { name: 'Direction', value: delivery.direction === 'in' ? 'In, from the remote' : 'Out, to the remote' },
          { name: 'Connection', value: delivery.connection.name },
          delivery.outcome !== null && { name: 'Outcome', value: toWords(delivery.outcome) },
          { name: 'Attempts', value: delivery.attempts },
          { name: 'At', value: <TimeAgo at={delivery.at} /> },
          delivery.finished_at !== null && { name: 'Finished', value: <TimeAgo at={delivery.finished_at} /> },
          delivery.next_attempt_at !== null && {
            name: 'Next attempt',
            value: <TimeAgo at={delivery.next_attempt_at} />,
          },
          delivery.vulnerability !== null && {
            name: 'Vulnerability',
            value: (
              <AnchorLink to="/vulnerabilities/$id" params={{ id: delivery.vulnerability.id }} className="break">
                {`#${delivery.vulnerability.number} ${delivery.vulnerability.title}`}
              </AnchorLink>
            ),
          },
          { name: 'Id', value: <span className="mono break">{delivery.id}</span> },
        ]}
      />
      <FailedAttempts attempts={delivery.failed_attempts} />
      <Group justify="space-between">
        <Title order={3}>{delivery.direction === 'in' ? 'What was received' : 'What was sent'}</Title>
        <CopyButton value={content} label="Copy the content" />
      </Group>
      {delivery.direction === 'in' && (
        <Text size="sm" c="dimmed">
          {`As it came in, whatever was edited or deleted there since. Kept for ${deliveryBodyDays} days.`}
        </Text>
      )}
      <CodeBlock label="Content, secrets removed" text={content} />
    </Stack>
  )
}

function ErrorText({ code, text }: { readonly code: string | null; readonly text: string }) {
  return (
    <Text c="var(--bad-fg)" className="break">
      {text}
      {code !== null && ` (${code})`}
    </Text>
  )
}

type FailedAttemptsProps = { readonly attempts: RouteResponse<'getDelivery'>['failed_attempts'] }

function FailedAttempts({ attempts }: FailedAttemptsProps) {
  if (attempts.length === 0) return null
  return (
    <Stack gap={6}>
      <Title order={3}>Attempts that failed</Title>
      <List size="sm" spacing={6}>
        {attempts.map(({ at, error, error_code: code }) => (
          <List.Item key={`${at} ${code}`} className="break">
            <TimeAgo at={at} />
            {`: ${error} (${code})`}
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}

function SkipButton({ delivery }: { readonly delivery: RouteResponse<'getDelivery'> }) {
  const mayRetry = useMay('delivery.retry')
  const skip = useSkipDelivery()
  const [opened, dialog] = useDisclosure(false)
  if (!mayRetry || !delivery.can_skip) return null
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={dialog.open}>
        Skip…
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Skip this for good?"
        text={delivery.loss ?? ''}
        confirm="Skip it"
        danger
        busy={skip.isPending}
        error={skip.error}
        onConfirm={() =>
          skip.mutate(
            { params: { id: delivery.id } },
            {
              onSuccess: () => {
                dialog.close()
                notifications.show({ message: 'Skipped; what stood behind it goes on' })
              },
            },
          )
        }
      />
    </>
  )
}
