import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'

/** A number in a sentence or a table that opens what made it. */
export function PlainButton({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <Anchor component="button" type="button" size="sm" onClick={onClick}>
      {children}
    </Anchor>
  )
}
