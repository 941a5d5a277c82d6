import { ActionIcon, Box, Group, Menu, Text, Title } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type ReactNode, useRef, useState } from 'react'
import { Icon } from '../icon.tsx'
import { ChartRows } from './chart-rows.tsx'
import classes from './charts.module.css'
import { type ChartTable, saveCsv, savePng } from './save-chart.ts'

export type Drawing = { readonly width: number; readonly label: string }

type ChartFrameProps = {
  readonly title: string
  /** What the chart shows, in a sentence or two: for everybody, and all that a screen reader needs. */
  readonly words: string
  readonly table: ChartTable
  /** Of the files that are saved, without an ending. */
  readonly fileName: string
  readonly children: (drawing: Drawing) => ReactNode
}

/** A chart with its sentence, the same as a table, and as CSV and PNG files. */
export function ChartFrame({ title, words, table, fileName, children }: ChartFrameProps) {
  const { ref, width } = useElementSize()
  const figure = useRef<HTMLElement>(null)
  const [isTable, setTable] = useState(false)
  const savePicture = (): void => {
    const svg = figure.current?.querySelector<SVGSVGElement>('svg[data-chart]')
    if (svg !== null && svg !== undefined) void savePng(svg, fileName)
  }
  return (
    <figure ref={figure} className={classes.figure} aria-label={title}>
      <div className={classes.head}>
        <Box className={classes.words}>
          <Title order={2} size="h3">
            {title}
          </Title>
          <Text c="dimmed" size="xs" mt={2}>
            {words}
          </Text>
        </Box>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`More of ${title}`}>
              <Icon name="menu" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setTable(!isTable)}>{isTable ? 'Show as chart' : 'Show as table'}</Menu.Item>
            <Menu.Item onClick={() => saveCsv(table, fileName)}>Save as CSV</Menu.Item>
            {!isTable && <Menu.Item onClick={savePicture}>Save as PNG</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </div>
      <div ref={ref} className={classes.place}>
        {isTable ? <ChartRows title={title} table={table} /> : width > 0 && children({ width, label: words })}
      </div>
    </figure>
  )
}

export type LegendEntry = { readonly label: string; readonly color: string }

/** Which colour means what. */
export function Legend({ entries }: { readonly entries: readonly LegendEntry[] }) {
  return (
    <ul className={classes.legend}>
      {entries.map(({ label, color }) => (
        <li key={label}>
          <span className={classes.swatch} style={{ background: color }} />
          {label}
        </li>
      ))}
    </ul>
  )
}

/** Where a chart would stand if there were something to show: why there is not, and what to do. */
export function NoData({ children }: { readonly children: ReactNode }) {
  return (
    <Group justify="center" py="xl">
      <Text c="dimmed" ta="center" maw={420}>
        {children}
      </Text>
    </Group>
  )
}
