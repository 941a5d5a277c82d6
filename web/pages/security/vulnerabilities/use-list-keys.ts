import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useKeys } from '../../../ui/use-keys.ts'
import type { Selection } from './use-selection.ts'

export type ListCursor = {
  readonly currentId: string | undefined
  readonly step: (by: number) => void
}

/** Where a step leads. A row that left the list has given its place to the next: going on stays at that place. */
export function stepTo({
  index,
  last,
  by,
  length,
}: {
  index: number
  last: number
  by: number
  length: number
}): number {
  const from = index === -1 ? (by > 0 ? last - 1 : last) : index
  return Math.max(0, Math.min(length - 1, from + by))
}

type Walk = {
  readonly selection?: Selection | undefined
  /** More rows are wanted soon. */
  readonly onNearEnd?: (() => void) | undefined
}

/** Rows before the end at which more are fetched: walking on does not wait. */
const nearEnd = 15

/** j and k walk the rows, x ticks one, X all up to it, Enter opens one, / goes to the search, Escape unticks all. */
export function useListKeys(rows: readonly { id: string }[], { selection, onNearEnd }: Walk): ListCursor {
  const [current, setCurrent] = useState<{ id: string; place: number }>()
  const navigate = useNavigate()
  const currentId = current?.id
  const index = rows.findIndex((row) => row.id === currentId)
  const step = (by: number) => {
    const place = stepTo({ index, last: current?.place ?? 0, by, length: rows.length })
    const next = rows[place]
    if (next === undefined) return
    setCurrent({ id: next.id, place })
    if (by > 0 && place >= rows.length - nearEnd) onNearEnd?.()
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
  return { currentId: index === -1 ? undefined : currentId, step }
}
