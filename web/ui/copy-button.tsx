import { ActionIcon, Button, Modal, Text, Textarea, Tooltip } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useAnnounce } from './announcer.tsx'
import { Icon } from './icon.tsx'

const shownMs = 2000

type Copy = {
  readonly copied: boolean
  readonly copy: () => void
  /** To be put beside the button: where the browser refuses, the text in a field, to be copied by hand. */
  readonly byHand: ReactNode
}

/** Copies a text; for two seconds it says that it did. */
export function useCopy(value: string | (() => string)): Copy {
  const [copied, setCopied] = useState(false)
  const [refused, setRefused] = useState<string>()
  const announce = useAnnounce()
  const run = async () => {
    const text = typeof value === 'string' ? value : value()
    if (!(await write(text))) return setRefused(text)
    setCopied(true)
    announce('Copied')
    setTimeout(() => setCopied(false), shownMs)
  }
  const copy = () => void run()
  return { copied, copy, byHand: <CopyByHand text={refused} onClose={() => setRefused(undefined)} /> }
}

/** False where the browser has no clipboard, as without HTTPS, or lets nobody write into it. */
async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function CopyByHand({ text, onClose }: { readonly text: string | undefined; readonly onClose: () => void }) {
  return (
    <Modal opened={text !== undefined} onClose={onClose} title={<Text fw={650}>Copy it yourself</Text>}>
      <Textarea
        label="Text to copy"
        description="The browser does not let this page copy: without HTTPS it never does. It is selected: press Ctrl or ⌘ and C."
        readOnly
        autosize
        maxRows={10}
        value={text ?? ''}
        data-autofocus
        onFocus={(event) => event.currentTarget.select()}
      />
    </Modal>
  )
}

export function CopyButton({ value, label }: { readonly value: string; readonly label: string }) {
  const { copied, copy, byHand } = useCopy(value)
  return (
    <>
      <Tooltip label={copied ? 'Copied' : label}>
        <ActionIcon size="sm" aria-label={label} onClick={copy} c="inherit">
          <Icon name={copied ? 'check' : 'copy'} size={15} />
        </ActionIcon>
      </Tooltip>
      {byHand}
    </>
  )
}

export function CopyTextButton({ value, children }: { readonly value: string; readonly children: string }) {
  const { copied, copy, byHand } = useCopy(value)
  return (
    <>
      <Button variant="default" onClick={copy} leftSection={<Icon name={copied ? 'check' : 'copy'} size={15} />}>
        {copied ? 'Copied' : children}
      </Button>
      {byHand}
    </>
  )
}
