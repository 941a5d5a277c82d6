import { ActionIcon, Anchor, Group, Kbd, Modal, Stack, Switch, Text, Title, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { areLetterKeysOn, setLetterKeys, useKeys } from '../ui/use-keys.ts'

const groups = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl K', 'Search or go to'],
      ['?', 'This help'],
    ],
  },
  {
    title: 'List of vulnerabilities',
    keys: [
      ['j', 'Next row'],
      ['k', 'Previous row'],
      ['Enter', 'Open the row'],
      ['x', 'Select the row'],
      ['Shift X', 'Select up to the row'],
      ['s', 'Status of the row, or of those selected'],
      ['m', 'Assign to me'],
      ['t', 'Tags'],
      ['Esc', 'Select none'],
      ['/', 'Search'],
    ],
  },
  {
    title: 'A vulnerability',
    keys: [
      ['j', 'Next in the list'],
      ['k', 'Previous in the list'],
      ['u', 'Back to the list'],
      ['Ctrl Enter', 'Send the message being written'],
    ],
  },
] as const

/** The keys of every screen, by the button or by `?`; single letters can be switched off here. */
export function ShortcutHelp() {
  const [opened, { open, close }] = useDisclosure(false)
  const [on, setOn] = useState(areLetterKeysOn)
  useKeys({ '?': open })
  const change = (next: boolean) => {
    setLetterKeys(next)
    setOn(next)
  }
  return (
    <>
      <Tooltip label="Keyboard (?)">
        <ActionIcon size={34} onClick={open} aria-label="Keyboard shortcuts" c="inherit" visibleFrom="sm">
          <Icon name="keyboard" />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={close} title={<Text fw={650}>Keyboard</Text>}>
        <Stack gap="lg">
          {groups.map(({ title, keys }) => (
            <Stack key={title} gap={8}>
              <Title order={3}>{title}</Title>
              {keys.map(([key, words]) => (
                <Group key={key} justify="space-between">
                  <Text>{words}</Text>
                  <Kbd>{key}</Kbd>
                </Group>
              ))}
            </Stack>
          ))}
          <Switch label="Single-letter keys" checked={on} onChange={(event) => change(event.currentTarget.checked)} />
          <Anchor href="/api/docs">The API, for programs</Anchor>
        </Stack>
      </Modal>
    </>
  )
}
