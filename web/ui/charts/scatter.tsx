import { AxisBottom } from '@visx/axis'
import { scaleLinear, scaleTime } from '@visx/scale'
import { isWebAddress } from '../links.tsx'
import { margin, ValueAxis } from './axes.tsx'
import { chartColor } from './chart-color.ts'
import type { Drawing } from './chart-frame.tsx'
import classes from './charts.module.css'
import { axisTicks, formatValue, type Unit } from './format-value.ts'

export type Dot = {
  readonly key: string
  readonly at: Date
  readonly value: number
  readonly title: string
  readonly href: string
}

type ScatterProps = {
  readonly drawing: Drawing
  readonly dots: readonly Dot[]
  readonly from: Date
  readonly to: Date
  readonly unit: Unit
}

const height = 260
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dateLines = 5

/** One dot for each row, by when it ended and how long it took; each is a link to its page. */
export function Scatter({ drawing: { width, label }, dots, from, to, unit }: ScatterProps) {
  const ticks = axisTicks(Math.max(0, ...dots.map(({ value }) => value)), unit)
  const x = scaleTime<number>({ domain: [from, to], range: [margin.left, width - margin.right] })
  const y = scaleLinear<number>({ domain: [0, ticks.at(-1) ?? 1], range: [height - margin.bottom, margin.top] })
  return (
    <svg data-chart className={classes.svg} width={width} height={height} aria-label={label}>
      <ValueAxis scale={y} ticks={ticks} unit={unit} width={width} />
      <AxisBottom
        scale={x}
        top={height - margin.bottom}
        numTicks={Math.min(dateLines, Math.floor(width / 80))}
        tickFormat={(value) => day.format(value instanceof Date ? value : new Date(Number(value)))}
        hideAxisLine
        hideTicks
        tickLabelProps={{ dy: 2, textAnchor: 'middle' }}
      />
      {dots.map(({ key, at, value, title, href }) => (
        <a
          key={key}
          href={isWebAddress(href) ? href : undefined}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={`${title}: ${formatValue(value, unit)}`}
        >
          <title>{`${title}: ${formatValue(value, unit)}`}</title>
          <circle cx={x(at)} cy={y(value)} r={4} fill={chartColor(0)} opacity={0.7} />
        </a>
      ))}
    </svg>
  )
}
