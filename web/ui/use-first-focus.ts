import { type RefObject, useEffect, useRef } from 'react'

/** Puts the focus into the first field of what a person just asked for. */
export function useFirstFocus<Element extends HTMLElement>(): RefObject<Element | null> {
  const field = useRef<Element>(null)
  useEffect(() => field.current?.focus(), [])
  return field
}
