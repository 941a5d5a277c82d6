import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormProblem } from './states.tsx'

type ConfirmDialogProps = {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  readonly text: ReactNode
  readonly confirm: string
  readonly danger?: boolean
  readonly onConfirm: () => void
  readonly busy: boolean
  readonly error: unknown
}

/** Asks before something that cannot be taken back; the focus returns to where it was. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={<Text fw={650}>{props.title}</Text>}>
      <Stack>
        <Text component="div">{props.text}</Text>
        <FormProblem error={props.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button {...(props.danger === true && { color: 'red.8' })} loading={props.busy} onClick={props.onConfirm}>
            {props.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
