// Roles that a table has anyway are written out: `display: block`, which makes its rows cards, would take them away.
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import classes from './data-table.module.css'

export type Column<Row> = {
  readonly key: string
  readonly header: ReactNode
  /** Short name before the value where the row is a card; without it the value stands alone. */
  readonly label?: string
  readonly cell: (row: Row) => ReactNode
  readonly width?: string
  readonly align?: 'right'
  readonly sorted?: 'ascending' | 'descending' | 'none'
  /** Takes the first line of the card on narrow screens. */
  readonly lead?: boolean
}

type DataTableProps<Row> = {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly current?: string | undefined
  /** Pixels the first line of a card needs as a column; where there is less, the table is scrolled sideways. */
  readonly leadWidth?: number | undefined
}

/**
 * A table that becomes cards where its place is narrower than 44em. Its rows are drawn again only when they or the columns
 * are others: walking through hundreds of them by keys marks one and leaves the rest alone.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, current, leadWidth }: DataTableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const lines = useMemo(
    () => rows.map((row) => <Line key={rowKey(row)} row={row} columns={columns} rowKey={rowKey} />),
    [rows, columns, rowKey],
  )
  useEffect(() => {
    const line =
      current === undefined ? null : body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(current)}"]`)
    line?.setAttribute('data-current', 'true')
    return () => line?.removeAttribute('data-current')
  }, [current])
  return (
    <div className={classes.box}>
      <table
        role="table"
        className={classes.table}
        aria-label={caption}
        style={leadWidth === undefined ? undefined : { minWidth: leastWidth(columns, leadWidth) }}
      >
        <thead role="rowgroup" className={classes.head}>
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.key}
                role="columnheader"
                scope="col"
                aria-sort={column.sorted}
                style={{ width: column.width, textAlign: column.align }}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body}>
          {lines}
        </tbody>
      </table>
    </div>
  )
}

function leastWidth(columns: readonly { width?: string }[], leadWidth: number): number {
  return columns.reduce((sum, { width }) => sum + (width === undefined ? leadWidth : Number.parseInt(width, 10)), 0)
}

type LineProps<Row> = Pick<DataTableProps<Row>, 'columns' | 'rowKey'> & { readonly row: Row }

function Line<Row>({ row, columns, rowKey }: LineProps<Row>) {
  return (
    <tr role="row" data-row={rowKey(row)}>
      {columns.map((column) => (
        <td
          key={column.key}
          role="cell"
          data-label={column.label}
          data-lead={column.lead || undefined}
          style={{ textAlign: column.align }}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}
