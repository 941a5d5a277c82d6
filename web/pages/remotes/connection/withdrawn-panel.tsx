import { Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useMoveIssues } from '../../../api/connections.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

type WithdrawnPanelProps = { readonly connection: Connection; readonly mayWrite: boolean }

/** The host has withdrawn its issue tracker: what happened, and the way out for everything at once. */
export function WithdrawnPanel({ connection, mayWrite }: WithdrawnPanelProps) {
  const [opened, dialog] = useDisclosure(false)
  const move = useMoveIssues()
  const { withdrawn } = connection
  if (withdrawn === null) return null
  const what = `${count(withdrawn.items, 'item')} and ${count(withdrawn.routes, 'route')}`
  return (
    <Panel
      title="Bitbucket has withdrawn its issue tracker"
      actions={mayWrite && <Button onClick={dialog.open}>Move to discussions…</Button>}
    >
      <Stack gap={4}>
        <Text>
          {'It answers that it is gone for good, since '}
          <TimeAgo at={withdrawn.at} />
          {`. ${what} still lead there and wait; nothing is lost. Move them to Bitbucket discussions, or change the routes yourself.`}
        </Text>
      </Stack>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Move everything to Bitbucket discussions?"
        text={`${what} move. Conversations and histories stay with their vulnerabilities, messages that were not sent go to the new items, and the old items say where they went. What is no longer open gets no new item.`}
        confirm="Move them"
        busy={move.isPending}
        error={move.error}
        onConfirm={() =>
          move.mutate(
            { params: { id: connection.id } },
            {
              onSuccess: ({ items, left }) => {
                dialog.close()
                notifications.show({
                  message:
                    left === 0 ? `${count(items, 'item')} moved` : `${count(items, 'item')} moved, ${left} to go`,
                })
              },
            },
          )
        }
      />
    </Panel>
  )
}
