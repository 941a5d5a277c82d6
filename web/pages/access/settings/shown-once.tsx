import { Button, Code, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyTextButton } from '../../../ui/copy-button.tsx'

type ShownOnceProps = {
  readonly value: string
  readonly copy: string
  readonly onDone: () => void
  readonly children: ReactNode
}

/** A secret that cannot be shown again, with what it is for above it. */
export function ShownOnce({ value, copy, onDone, children }: ShownOnceProps) {
  return (
    <Stack>
      {children}
      <Code block className="break" style={{ whiteSpace: 'pre-wrap' }}>
        {value}
      </Code>
      <Group justify="flex-end">
        <CopyTextButton value={value}>{copy}</CopyTextButton>
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  )
}
