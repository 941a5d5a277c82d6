import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { useAnnounce } from './announcer.tsx'
import { Icon } from './icon.tsx'

const shownMs = 2000

/** Copies a text; for two seconds it says that it did. */
export function useCopy(value: string | (() => string)): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false)
  const announce = useAnnounce()
  const write = async () => {
    await navigator.clipboard.writeText(typeof value === 'string' ? value : value())
    setCopied(true)
    announce('Copied')
    setTimeout(() => setCopied(false), shownMs)
  }
  const copy = () => void write()
  return { copied, copy }
}

export function CopyButton({ value, label }: { readonly value: string; readonly label: string }) {
  const { copied, copy } = useCopy(value)
  return (
    <Tooltip label={copied ? 'Copied' : label}>
      <ActionIcon size="sm" aria-label={label} onClick={copy} c="inherit">
        <Icon name={copied ? 'check' : 'copy'} size={15} />
      </ActionIcon>
    </Tooltip>
  )
}

export function CopyTextButton({ value, children }: { readonly value: string; readonly children: string }) {
  const { copied, copy } = useCopy(value)
  return (
    <Button variant="default" onClick={copy} leftSection={<Icon name={copied ? 'check' : 'copy'} size={15} />}>
      {copied ? 'Copied' : children}
    </Button>
  )
}
