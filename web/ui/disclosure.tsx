import { Anchor, Collapse } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useId } from 'react'

type DisclosureProps = {
  readonly label: string
  /** What the button says while it is open. */
  readonly openLabel: string
  readonly startsOpen?: boolean
  readonly children: ReactNode
}

/** What most people do not need, behind a button that says what it is. Its content is made when it is opened first. */
export function Disclosure({ label, openLabel, startsOpen = false, children }: DisclosureProps) {
  const [opened, content] = useDisclosure(startsOpen)
  const id = useId()
  return (
    <div>
      <Anchor
        component="button"
        type="button"
        size="sm"
        aria-expanded={opened}
        aria-controls={id}
        onClick={content.toggle}
      >
        {opened ? openLabel : label}
      </Anchor>
      <Collapse id={id} expanded={opened}>
        <div style={{ paddingTop: 10 }}>{opened && children}</div>
      </Collapse>
    </div>
  )
}
