import { ActionIcon, Group, Kbd, Modal, Stack, Switch, Text, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../../../ui/icon.tsx'
import { areLetterKeysOn, setLetterKeys } from '../../../ui/use-keys.ts'

const keys = [
  ['j', 'Next row'],
  ['k', 'Previous row'],
  ['Enter', 'Open the row'],
  ['/', 'Search'],
  ['Ctrl K', 'Go anywhere'],
  ['Ctrl Enter', 'Send the message being written'],
  ['?', 'This help'],
] as const

type ShortcutHelpProps = { readonly opened: boolean; readonly onOpen: () => void; readonly onClose: () => void }

export function ShortcutHelp({ opened, onOpen, onClose }: ShortcutHelpProps) {
  const [on, setOn] = useState(areLetterKeysOn)
  const change = (next: boolean) => {
    setLetterKeys(next)
    setOn(next)
  }
  return (
    <>
      <Tooltip label="Keyboard">
        <ActionIcon size={34} onClick={onOpen} aria-label="Keyboard shortcuts" c="inherit">
          <Icon name="keyboard" />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={onClose} title={<Text fw={650}>Keyboard</Text>}>
        <Stack gap="xs">
          {keys.map(([key, words]) => (
            <Group key={key} justify="space-between">
              <Text>{words}</Text>
              <Kbd>{key}</Kbd>
            </Group>
          ))}
          <Switch
            mt="sm"
            label="Single-letter keys"
            checked={on}
            onChange={(event) => change(event.currentTarget.checked)}
          />
        </Stack>
      </Modal>
    </>
  )
}
