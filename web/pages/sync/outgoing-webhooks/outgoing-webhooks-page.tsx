import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { outgoingWebhooksQuery } from '../../../api/outgoing-webhooks.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { NewWebhookDialog } from './new-webhook-dialog.tsx'
import { WebhookLog } from './webhook-log.tsx'
import { WebhookTable } from './webhook-table.tsx'

const route = getRouteApi('/app/integrations/webhooks')

export function OutgoingWebhooksPage() {
  const { log } = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMay('connection.write')
  const [opened, dialog] = useDisclosure(false)
  const list = useQuery(outgoingWebhooksQuery)
  const rows = list.data?.items ?? []
  return (
    <>
      <Panel
        flush
        title="Webhooks and channels"
        lead="Tell your own services, or a channel of Slack or Microsoft Teams, what happens here."
        actions={
          mayWrite && (
            <Button leftSection={<Icon name="plus" size={15} />} onClick={dialog.open}>
              New webhook
            </Button>
          )
        }
      >
        {list.isPending && <LoadingRows rows={3} height={52} />}
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && rows.length === 0 && (
          <EmptyState
            icon="bell"
            title="Nobody outside is told"
            text="Events are sent in their order, signed, and again until they arrive."
          />
        )}
        {rows.length > 0 && (
          <WebhookTable
            rows={rows}
            mayWrite={mayWrite}
            onLog={(id) => void navigate({ search: { log: id } })}
            current={log}
          />
        )}
      </Panel>
      {!mayWrite && (
        <Text size="sm" c="dimmed" mt="xs">
          Administrators make and change them.
        </Text>
      )}
      <NewWebhookDialog opened={opened} onClose={dialog.close} />
      <WebhookLog
        webhook={rows.find(({ id }) => id === log)}
        mayWrite={mayWrite}
        onClose={() => void navigate({ search: {} })}
      />
    </>
  )
}
