import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { NotificationSettings } from '../../../../contract/sync/notifications.ts'
import { useSetChat, useTestChat } from '../../../api/notifications.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'

type Chat = NotificationSettings['chats'][number]
type Channel = Chat['channel']

const chatWords: Record<Channel, { title: string; hint: string }> = {
  slack: {
    title: 'Slack',
    hint: 'Address of an incoming webhook that writes to you: in Slack, choose yourself as the channel.',
  },
  teams: {
    title: 'Microsoft Teams',
    hint: 'Address of a workflow “send webhook alerts to a chat”, in a chat with yourself.',
  },
}

/** Chats of the member's own; the address is theirs alone and never shown again. */
export function Chats({ chats }: { readonly chats: readonly Chat[] }) {
  return (
    <Panel
      title="Your chats"
      lead="Weir can also write to you in Slack or Microsoft Teams. Whoever knows such an address can write to you: it is kept sealed, and not shown again."
    >
      <Stack gap="lg">
        {(['slack', 'teams'] as const).map((channel) => (
          <ChatEntry key={channel} channel={channel} chat={chats.find((one) => one.channel === channel)} />
        ))}
      </Stack>
    </Panel>
  )
}

function ChatEntry({ channel, chat }: { readonly channel: Channel; readonly chat: Chat | undefined }) {
  const set = useSetChat()
  const { title, hint } = chatWords[channel]
  const submit = (form: FormData) =>
    set.mutate(
      { body: { channel, url: readText(form, 'url') } },
      { onSuccess: () => notifications.show({ message: `${title} is set` }) },
    )
  return (
    <Stack gap="xs">
      {chat !== undefined && <ChatState channel={channel} chat={chat} />}
      <ApiForm onSubmit={submit} label={title} key={chat?.address}>
        <Group align="flex-end" gap="sm">
          <TextInput
            name="url"
            label={chat === undefined ? title : `Another address for ${title}`}
            description={hint}
            placeholder="https://"
            required
            maxLength={2000}
            autoComplete="off"
            error={fieldError(set.error, 'url')}
            style={{ flex: '1 1 260px' }}
          />
          <Button type="submit" variant="default" loading={set.isPending}>
            {chat === undefined ? `Add ${title}` : 'Replace'}
          </Button>
        </Group>
        {fieldError(set.error, 'url') === undefined && <FormProblem error={set.error} />}
      </ApiForm>
    </Stack>
  )
}

function ChatState({ channel, chat }: { readonly channel: Channel; readonly chat: Chat }) {
  const test = useTestChat()
  const remove = useSetChat()
  const { title } = chatWords[channel]
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="sm">
        <Text className="break">
          <strong>{title}</strong> at {chat.address}
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            loading={test.isPending}
            onClick={() =>
              test.mutate(
                { body: { channel } },
                { onSuccess: () => notifications.show({ message: 'The test message was sent' }) },
              )
            }
          >
            Send a test message
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={remove.isPending}
            onClick={() => remove.mutate({ body: { channel, url: null } })}
          >
            Remove {title}
          </Button>
        </Group>
      </Group>
      {chat.error !== null && (
        <Text size="sm" c="var(--bad-fg)" className="break">
          {chat.error}{' '}
          {chat.ended_at !== null && (
            <>
              It wants no more messages since <TimeAgo at={chat.ended_at} />. Give its address again to go on.
            </>
          )}
        </Text>
      )}
      <FormProblem error={test.error ?? remove.error} />
    </Stack>
  )
}
