import { Button, Group, Menu, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { OutgoingWebhook } from '../../../../contract/sync/outgoing-webhooks.ts'
import { toProblem } from '../../../api/api-problem.ts'
import {
  useDeleteOutgoingWebhook,
  useRotateOutgoingSecret,
  useTestOutgoingWebhook,
  useUpdateOutgoingWebhook,
} from '../../../api/outgoing-webhooks.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ShownOnce } from '../../access/settings/shown-once.tsx'
import { EditWebhookDialog } from './edit-webhook-dialog.tsx'

type Props = { readonly webhook: OutgoingWebhook }
type DialogProps = Props & { readonly opened: boolean; readonly onClose: () => void }

const showFailure = (title: string) => (error: unknown) =>
  notifications.show({ color: 'red', title, message: toProblem(error).detail })

export function WebhookActions({ webhook }: Props) {
  const [editing, edit] = useDisclosure(false)
  const [rotating, rotate] = useDisclosure(false)
  const [deleting, remove] = useDisclosure(false)
  const test = useTestOutgoingWebhook()
  const update = useUpdateOutgoingWebhook()
  const isActive = webhook.state === 'active'
  const params = { id: webhook.id }
  const sendTest = () =>
    test.mutate(
      { params },
      {
        onSuccess: () => notifications.show({ message: 'The test event is on its way: its log shows the answer' }),
        onError: showFailure('The test event was not sent'),
      },
    )
  const toggle = () =>
    update.mutate({ params, body: { enabled: !isActive } }, { onError: showFailure('The webhook was not changed') })
  return (
    <Group gap={6} wrap="nowrap">
      {isActive ? (
        <Button size="compact-xs" variant="default" loading={test.isPending} onClick={sendTest}>
          Test
        </Button>
      ) : (
        <Button size="compact-xs" variant="default" loading={update.isPending} onClick={toggle}>
          Enable
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<Icon name="chevron" size={13} />}
            aria-label={`More for ${webhook.name}`}
          >
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={edit.open}>Change</Menu.Item>
          {webhook.kind === 'standard' && <Menu.Item onClick={rotate.open}>New secret</Menu.Item>}
          {isActive && <Menu.Item onClick={toggle}>Disable</Menu.Item>}
          <Menu.Item onClick={remove.open}>Delete</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <EditWebhookDialog webhook={webhook} opened={editing} onClose={edit.close} />
      <RotateDialog webhook={webhook} opened={rotating} onClose={rotate.close} />
      <DeleteDialog webhook={webhook} opened={deleting} onClose={remove.close} />
    </Group>
  )
}

function RotateDialog({ webhook, opened, onClose }: DialogProps) {
  const rotate = useRotateOutgoingSecret()
  const close = () => {
    onClose()
    rotate.reset()
  }
  const secret = rotate.data?.secret ?? null
  if (secret !== null)
    return (
      <Modal opened={opened} onClose={close} title={<Text fw={650}>{`New secret of “${webhook.name}”`}</Text>}>
        <ShownOnce value={secret} copy="Copy the secret" onDone={close}>
          <Text>Copy it now: it is not shown again. For 24 hours events carry signatures of the former one, too.</Text>
        </ShownOnce>
      </Modal>
    )
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={`Give “${webhook.name}” a new secret?`}
      text="Events are signed with both for 24 hours, so that the receiver can be changed without losing any. A secret that was replaced before ends at once."
      confirm="Make a new secret"
      busy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate({ params: { id: webhook.id } })}
    />
  )
}

function DeleteDialog({ webhook, opened, onClose }: DialogProps) {
  const remove = useDeleteOutgoingWebhook()
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete “${webhook.name}”?`}
      text="Its log goes with it, and what waits is not sent any more."
      confirm="Delete the webhook"
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { id: webhook.id } }, { onSuccess: onClose })}
    />
  )
}
