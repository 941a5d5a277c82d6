import { useState } from 'react'

export type Selection = {
  readonly ids: ReadonlySet<string>
  /** With `isRange`, everything between the one ticked last and this one becomes as this one. */
  readonly toggle: (id: string, isRange: boolean) => void
  readonly toggleAll: () => void
  readonly clear: () => void
}

/** What `ids` becomes when one row is ticked, or a range of rows from the one ticked before. */
export function toggleIn(
  ids: ReadonlySet<string>,
  { rows, from, to }: { rows: readonly string[]; from: string | undefined; to: string },
): Set<string> {
  const isOn = !ids.has(to)
  const [a, b] = [from === undefined ? -1 : rows.indexOf(from), rows.indexOf(to)]
  const touched = a === -1 || b === -1 ? [to] : rows.slice(Math.min(a, b), Math.max(a, b) + 1)
  const next = new Set(ids)
  for (const id of touched) {
    if (isOn) next.add(id)
    else next.delete(id)
  }
  return next
}

/** Rows that are ticked; those no longer shown are not. */
export function useSelection(rows: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set())
  const [last, setLast] = useState<string>()
  const ids = new Set(rows.filter((id) => chosen.has(id)))
  const toggle = (id: string, isRange: boolean) => {
    setChosen(toggleIn(ids, { rows, from: isRange ? last : undefined, to: id }))
    setLast(id)
  }
  const toggleAll = () => setChosen(new Set(ids.size === rows.length ? [] : rows))
  return { ids, toggle, toggleAll, clear: () => setChosen(new Set()) }
}
