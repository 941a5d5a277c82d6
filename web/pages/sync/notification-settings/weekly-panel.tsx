import { Button, Checkbox, Group, NativeSelect, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { WeeklyDigest } from '../../../../contract/delivery/weekly-digest.ts'
import type { NotificationSettings } from '../../../../contract/sync/notifications.ts'
import {
  useSendWeeklyDigest,
  useUpdateWeeklyDigest,
  useUpdateWeeklyDigestForAll,
  weeklyDigestQuery,
} from '../../../api/weekly-digest.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { WeekPreview } from './week-preview.tsx'

type Chats = NotificationSettings['chats']

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((label, index) => {
  return { value: String(index + 1), label }
})
const hours = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, '0')}:00`,
}))
const channelWords = { email: 'E-mail', slack: 'Slack', teams: 'Microsoft Teams' } as const

/** The week's figures: whether, by which channels and when. */
export function WeeklyPanel({ chats }: { readonly chats: Chats }) {
  const digest = useQuery(weeklyDigestQuery)
  const mayAdminister = useMay('organization.write')
  const [isShown, setShown] = useState(false)
  return (
    <Panel
      title="Weekly digest"
      lead="The last full week beside the week before: DORA, flow, what got worse, the oldest open pull requests and security. Of your teams, or of the organization where you are in none. Off until you choose a channel; nothing is sent when there is nothing to say."
      actions={<SendNow onPreview={() => setShown(!isShown)} isShown={isShown} />}
    >
      <Stack gap="md">
        {digest.isPending && <LoadingRows rows={3} height={28} />}
        {digest.isError && <ProblemNote error={digest.error} onRetry={() => void digest.refetch()} />}
        {digest.data !== undefined && (
          <WeeklyForm key={JSON.stringify(digest.data)} digest={digest.data} chats={chats} />
        )}
        {digest.data !== undefined && mayAdminister && <ForAll isOn={digest.data.is_on_for_all} />}
        {isShown && <WeekPreview />}
      </Stack>
    </Panel>
  )
}

function SendNow({ onPreview, isShown }: { readonly onPreview: () => void; readonly isShown: boolean }) {
  const send = useSendWeeklyDigest()
  const submit = () =>
    send.mutate(
      {},
      {
        onSuccess: ({ channels }) =>
          notifications.show({ message: `On its way by ${channels.map((one) => channelWords[one]).join(', ')}` }),
      },
    )
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Button variant="default" aria-expanded={isShown} onClick={onPreview}>
          {isShown ? 'Hide the preview' : 'Preview'}
        </Button>
        <Button variant="default" loading={send.isPending} onClick={submit}>
          Send me one now
        </Button>
      </Group>
      <FormProblem error={send.error} />
    </Stack>
  )
}

function WeeklyForm({ digest, chats }: { readonly digest: WeeklyDigest; readonly chats: Chats }) {
  const save = useUpdateWeeklyDigest()
  const channels = (['email', 'slack', 'teams'] as const).filter(
    (channel) => channel === 'email' || digest[channel] || chats.some((chat) => chat.channel === channel),
  )
  const submit = (form: FormData) => {
    const has = (name: string) => form.get(name) !== null
    const chosen = { email: has('email'), slack: has('slack'), teams: has('teams') }
    const when = { weekday: Number(readText(form, 'weekday')), hour: Number(readText(form, 'hour')) }
    save.mutate({ body: { ...chosen, ...when } }, { onSuccess: () => notifications.show({ message: 'Saved' }) })
  }
  return (
    <ApiForm onSubmit={submit} label="Weekly digest">
      <Stack gap="md">
        <Group gap="lg">
          {channels.map((channel) => (
            <Checkbox key={channel} name={channel} label={channelWords[channel]} defaultChecked={digest[channel]} />
          ))}
        </Group>
        <Group align="flex-start" gap="md">
          <NativeSelect name="weekday" label="On" defaultValue={String(digest.weekday)} data={days} w={150} />
          <NativeSelect name="hour" label="At" defaultValue={String(digest.hour)} data={hours} w={110} />
        </Group>
        <Text size="sm" c="dimmed">
          By the clocks of {digest.time_zone}, as the daily digest.{' '}
          {!digest.is_own && digest.email && 'You get it because an administrator turned it on for everybody.'}
        </Text>
        <FormEnd submit="Save" form={save} />
      </Stack>
    </ApiForm>
  )
}

function ForAll({ isOn }: { readonly isOn: boolean }) {
  const change = useUpdateWeeklyDigestForAll()
  return (
    <Stack gap={4}>
      <Switch
        checked={isOn}
        disabled={change.isPending}
        label="Mail it to everybody who has not chosen"
        onChange={(event) => change.mutate({ body: { is_on: event.currentTarget.checked } })}
      />
      <FormProblem error={change.error} />
    </Stack>
  )
}
