import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { notificationSettingsQuery } from '../../../api/notifications.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { Chats } from './chats.tsx'
import { Choices } from './choices.tsx'
import { MailPanel } from './mail-panel.tsx'
import { WeeklyPanel } from './weekly-panel.tsx'

/** What the member is called for, where and when. */
export function NotificationSettings() {
  const mayAdminister = useMay('organization.write')
  const settings = useQuery(notificationSettingsQuery)
  const { data } = settings
  return (
    <Stack gap="lg">
      {data === undefined && (
        <Panel title="Notifications">
          {settings.isPending && <LoadingRows rows={8} height={28} />}
          {settings.isError && <ProblemNote error={settings.error} onRetry={() => void settings.refetch()} />}
        </Panel>
      )}
      {data !== undefined && <Choices key={JSON.stringify(data)} settings={data} />}
      {data !== undefined && <WeeklyPanel chats={data.chats} />}
      {data !== undefined && <Chats chats={data.chats} />}
      {mayAdminister && <MailPanel />}
    </Stack>
  )
}
