/** Columns of the list besides the tick and the title, which are always there. */
export const columnKeys = [
  'severity',
  'status',
  'due_at',
  'asset',
  'branch',
  'assignee',
  'tags',
  'epss',
  'tracker',
  'talk',
  'opened_at',
  'updated_at',
] as const
export type ColumnKey = (typeof columnKeys)[number]

export const columnNames: Record<ColumnKey, string> = {
  severity: 'Severity',
  status: 'Status',
  asset: 'Asset',
  branch: 'Branch',
  assignee: 'Assignee',
  tags: 'Tags',
  due_at: 'Deadline',
  epss: 'EPSS',
  tracker: 'Tracker',
  talk: 'Messages',
  opened_at: 'Opened',
  updated_at: 'Changed',
}

export const usualColumns: readonly ColumnKey[] = [
  'severity',
  'status',
  'due_at',
  'asset',
  'tracker',
  'talk',
  'opened_at',
]

const key = 'weir:list-columns'

/** As chosen in this browser; the usual ones before that, or where nothing sensible is kept. */
export function recallColumns(storage: Storage): readonly ColumnKey[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? 'null')
    if (!Array.isArray(value)) return usualColumns
    const chosen: unknown[] = value
    return columnKeys.filter((column) => chosen.includes(column))
  } catch {
    return usualColumns
  }
}

/** Null for the usual ones: those may become others one day. */
export function rememberColumns(storage: Storage, columns: readonly ColumnKey[] | null): void {
  if (columns === null) storage.removeItem(key)
  else storage.setItem(key, JSON.stringify(columns))
}

/** Those chosen that can be seen: a column whose values nobody has set is not among them. */
export function shownOf(columns: readonly ColumnKey[], missing: readonly ColumnKey[]): ColumnKey[] {
  return columns.filter((column) => !missing.includes(column))
}

/** The choice after some were ticked; what cannot be seen now stays as it was chosen, for the day it has values. */
export function withShown(
  columns: readonly ColumnKey[],
  { chosen, missing }: { chosen: readonly string[]; missing: readonly ColumnKey[] },
): ColumnKey[] {
  return columnKeys.filter((column) => (missing.includes(column) ? columns : chosen).includes(column))
}
