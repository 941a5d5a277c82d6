/** The one there is; fails where there are none or more. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`There are ${rows.length}, where there is to be one.`)
  return row
}
