import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useKeys } from '../../../ui/use-keys.ts'
import type { Selection } from './use-selection.ts'

/** j and k walk the rows, x ticks one, X all up to it, Enter opens one, / goes to the search, Escape unticks all. */
export function useListKeys(rows: readonly { id: string }[], selection?: Selection): string | undefined {
  const [currentId, setCurrentId] = useState<string>()
  const navigate = useNavigate()
  const index = rows.findIndex((row) => row.id === currentId)
  const step = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, index + by))]
    if (next === undefined) return
    setCurrentId(next.id)
    const line = document.querySelector(`[data-row="${CSS.escape(next.id)}"]`)
    line?.scrollIntoView({ block: 'nearest' })
    // The focus goes along: Enter then opens the row, and not the control that was used before.
    line?.querySelector('a')?.focus({ preventScroll: true })
  }
  const tick = (isRange: boolean) => {
    if (currentId !== undefined && index !== -1) selection?.toggle(currentId, isRange)
  }
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    Enter: (event) => {
      const onControl = event.target instanceof HTMLElement && event.target.closest('a, button, input') !== null
      if (!onControl && currentId !== undefined)
        void navigate({ to: '/vulnerabilities/$id', params: { id: currentId } })
    },
    x: () => tick(false),
    X: () => tick(true),
    Escape: () => selection?.clear(),
    '/': (event) => {
      event.preventDefault()
      document.querySelector<HTMLInputElement>('input[type="search"]')?.focus()
    },
  })
  return index === -1 ? undefined : currentId
}
