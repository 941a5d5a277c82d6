import { Button, Code, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Webhook } from '../../../../contract/remotes/webhooks.ts'
import { useRevealWebhook } from '../../../api/connections.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'

/** What an administrator of Jira types in to make the webhook; its secret is fetched when it is asked for, not before. */
export function WebhookByHand({ webhook }: { readonly webhook: Webhook }) {
  const reveal = useRevealWebhook()
  const [opened, dialog] = useDisclosure(false)
  const show = () => {
    dialog.open()
    reveal.mutate({ params: { id: webhook.id } })
  }
  const hide = () => {
    dialog.close()
    reveal.reset()
  }
  return (
    <>
      <Button size="compact-xs" onClick={show}>
        Set up by hand
      </Button>
      <Modal opened={opened} onClose={hide} size="lg" title={<Text fw={650}>Set up the webhook by hand</Text>}>
        {reveal.isPending && <LoadingRows rows={4} />}
        {reveal.isError && <ProblemNote error={reveal.error} />}
        {reveal.data !== undefined && <Steps setup={reveal.data} onDone={hide} />}
      </Modal>
    </>
  )
}

type StepsProps = { readonly setup: RouteResponse<'revealWebhook'>; readonly onDone: () => void }

function Steps({ setup, onDone }: StepsProps) {
  return (
    <Stack>
      <Text c="dimmed">
        As an administrator of Jira open Settings → System → Webhooks → Create a webhook, and enter this. Leave the JQL
        filter empty and the body included. As soon as the first signed delivery has arrived, “Repair” shows the webhook
        as healthy.
      </Text>
      <Line name="Name" value={setup.name} />
      <Line name="URL" value={setup.url} />
      <Line name="Secret" value={setup.secret} />
      <Stack gap={4}>
        <Text fw={600}>Events to tick</Text>
        <ul style={{ margin: 0 }}>
          {setup.events.map((event) => (
            <li key={event}>{eventWords[event] ?? event}</li>
          ))}
        </ul>
      </Stack>
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  )
}

/** As Jira's form has them. */
const eventWords: Readonly<Record<string, string>> = {
  'jira:issue_updated': 'Issue: updated',
  'jira:issue_deleted': 'Issue: deleted',
  comment_created: 'Comment: created',
  comment_updated: 'Comment: updated',
  comment_deleted: 'Comment: deleted',
}

function Line({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Text fw={600} className="nowrap" w={64}>
        {name}
      </Text>
      <Code className="break">{value}</Code>
      <CopyButton value={value} label={`Copy the ${name.toLowerCase()}`} />
    </Group>
  )
}
