import { useMemo, useState } from 'react'

export type Selection = {
  readonly ids: ReadonlySet<string>
  /** Everything the filters match is meant, also what is not shown. */
  readonly isAll: boolean
  /** With `isRange`, everything between the one ticked last and this one becomes as this one. */
  readonly toggle: (id: string, isRange: boolean) => void
  readonly toggleAll: () => void
  readonly chooseAll: () => void
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

/** Rows that are ticked; those no longer shown are not. `filters` says what is shown: all of one list is not all of another. */
export function useSelection(rows: readonly string[], filters: string): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set())
  const [allOf, setAllOf] = useState<string>()
  const [last, setLast] = useState<string>()
  // The same as long as nothing is ticked otherwise: the rows of the table are drawn again when it is another.
  return useMemo(() => {
    const isAll = allOf === filters
    const ids = new Set(isAll ? rows : rows.filter((id) => chosen.has(id)))
    const choose = (next: ReadonlySet<string>) => {
      setChosen(next)
      setAllOf(undefined)
    }
    const toggle = (id: string, isRange: boolean) => {
      choose(toggleIn(ids, { rows, from: isRange ? last : undefined, to: id }))
      setLast(id)
    }
    const toggleAll = () => choose(new Set(ids.size === rows.length ? [] : rows))
    return { ids, isAll, toggle, toggleAll, chooseAll: () => setAllOf(filters), clear: () => choose(new Set()) }
  }, [rows, filters, chosen, allOf, last])
}
