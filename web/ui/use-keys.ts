import { useEffect, useRef } from 'react'

/** Key of the switch in the help dialog: single letters can be turned off (WCAG 2.1.4). */
const offKey = 'weir:letter-keys-off'

export function areLetterKeysOn(): boolean {
  return localStorage.getItem(offKey) !== 'true'
}

export function setLetterKeys(on: boolean): void {
  if (on) localStorage.removeItem(offKey)
  else localStorage.setItem(offKey, 'true')
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|submit|file)$/.test(target.type)
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)
}

/** True while a dialog, menu or popover has the keyboard. */
function isCovered(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null
}

/** Single keys of a page; they never fire while somebody types, in a dialog, or with Ctrl, Alt or Meta. */
export function useKeys(keys: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isCovered()) return
      if (event.key.length === 1 && event.key !== '?' && !areLetterKeysOn()) return
      latest.current[event.key]?.(event)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}
