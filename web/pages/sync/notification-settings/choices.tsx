import { Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMemo, useState } from 'react'
import type { NotificationSettings } from '../../../../contract/sync/notifications.ts'
import { type CallChannel, callChannels } from '../../../../src/domain/calls/call-kinds.ts'
import { describeKind } from '../../../../src/domain/calls/describe-kind.ts'
import { useUpdateNotificationSettings } from '../../../api/notifications.ts'
import { useMay } from '../../../shell/use-session.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Panel } from '../../../ui/panel.tsx'

type Kind = NotificationSettings['kinds'][number]
type ChoicesProps = { readonly settings: NotificationSettings }

const channelWords: Record<CallChannel, string> = { in_app: 'In Weir', email: 'E-mail', slack: 'Slack', teams: 'Teams' }
const keyOf = ({ kind }: Kind) => kind
const nameOf = (kind: Kind, channel: CallChannel) => `${kind.kind} ${channel}`

/** A line for each kind, a column for each way to the member; where there is no chat there is no column. */
export function Choices({ settings }: ChoicesProps) {
  const mayAdminister = useMay('connection.write')
  const save = useUpdateNotificationSettings()
  const channels = useMemo(
    () =>
      callChannels.filter(
        (channel) =>
          channel === 'in_app' || channel === 'email' || settings.chats.some((chat) => chat.channel === channel),
      ),
    [settings],
  )
  const columns = useMemo(() => [...leadColumns, ...channels.map(toColumn)], [channels])
  const kinds = useMemo(
    () => settings.kinds.filter(({ kind }) => mayAdminister || kind !== 'webhook_disabled'),
    [settings, mayAdminister],
  )
  const submit = (form: FormData) => {
    const choices = kinds.flatMap((kind) =>
      channels.flatMap((channel) => {
        const wanted = form.get(nameOf(kind, channel)) !== null
        return wanted === kind[channel] ? [] : [{ kind: kind.kind, channel, wanted }]
      }),
    )
    const zone = readText(form, 'time_zone')
    const body = { choices, digest_hour: Number(readText(form, 'digest_hour')), time_zone: zone === '' ? null : zone }
    save.mutate({ body }, { onSuccess: () => notifications.show({ message: 'Saved' }) })
  }
  return (
    <Panel
      flush
      title="Notifications"
      lead="What calls you, and where. What cannot wait leaves at once, all else in one digest a day. It holds from the next call on."
    >
      <ApiForm onSubmit={submit} label="Notifications">
        <DataTable caption="What calls you, and where" columns={columns} rows={kinds} rowKey={keyOf} />
        <Stack px={18} py="md">
          {settings.email === null ? (
            <Text size="sm" c="dimmed">
              No e-mail is sent at the moment: this Weir has no mail server. Your choice holds once it has one.
            </Text>
          ) : (
            <Text size="sm" c="dimmed" className="break">
              E-mail goes to {settings.email}.
            </Text>
          )}
          <DigestFields settings={settings} />
          <FormEnd submit="Save" form={save} />
        </Stack>
      </ApiForm>
    </Panel>
  )
}

const leadColumns: readonly Column<Kind>[] = [
  { key: 'kind', header: 'What happens', lead: true, cell: ({ kind }) => describeKind(kind) },
  {
    key: 'when',
    header: 'Leaves Weir',
    label: 'Leaves Weir',
    width: '120px',
    cell: ({ at_once }) => <span>{at_once ? 'at once' : 'in the digest'}</span>,
  },
]

function toColumn(channel: CallChannel): Column<Kind> {
  return {
    key: channel,
    header: channelWords[channel],
    label: channelWords[channel],
    width: '84px',
    cell: (kind) => (
      <Checkbox
        name={nameOf(kind, channel)}
        defaultChecked={kind[channel]}
        style={{ verticalAlign: 'middle' }}
        aria-label={`${channelWords[channel]}: ${describeKind(kind.kind)}`}
      />
    ),
  }
}

const hours = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, '0')}:00`,
}))

function DigestFields({ settings }: ChoicesProps) {
  const [zones] = useState(() => ['UTC', ...Intl.supportedValuesOf('timeZone')])
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const { digest_hour: hour, time_zone: zone, is_own_zone: isOwn } = settings
  const known = isOwn && !zones.includes(zone) ? [zone, ...zones] : zones
  return (
    <Group align="flex-start" gap="md">
      <NativeSelect name="digest_hour" label="Digest at" defaultValue={String(hour)} data={hours} w={120} />
      <NativeSelect
        name="time_zone"
        label="In the time zone"
        description={isOwn || own === zone ? undefined : `Your browser is in ${own}.`}
        defaultValue={isOwn ? zone : ''}
        data={[{ value: '', label: `The organization's${isOwn ? '' : ` (${zone})`}` }, ...known]}
        style={{ flex: '1 1 220px', maxWidth: 340 }}
      />
    </Group>
  )
}
