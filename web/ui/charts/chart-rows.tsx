import { Table } from '@mantine/core'
import classes from './charts.module.css'
import type { ChartTable } from './save-chart.ts'

const numbers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })

/** The figures of a chart, row by row. */
export function ChartRows({ title, table }: { readonly title: string; readonly table: ChartTable }) {
  return (
    <div className={classes.scroll}>
      <Table aria-label={title} withRowBorders>
        <Table.Thead>
          <Table.Tr>
            {table.columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {table.rows.map((row) => (
            <Table.Tr key={String(row[0])}>
              {row.map((value, index) => (
                <Table.Td key={table.columns[index]} className="tabular">
                  {value === null ? '–' : typeof value === 'number' ? numbers.format(value) : value}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
