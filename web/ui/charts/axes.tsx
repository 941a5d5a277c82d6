import { AxisBottom, AxisLeft } from '@visx/axis'
import { GridRows } from '@visx/grid'
import { scaleBand, scaleLinear } from '@visx/scale'
import classes from './charts.module.css'
import { axisTicks, formatValue, type Unit } from './format-value.ts'

export const margin = { top: 8, right: 4, bottom: 24, left: 56 } as const

/** Buckets from left to right and values from the bottom up, for a drawing of that size. */
export function createScales({ labels, top, unit, width, height }: ScaleOptions) {
  const ticks = axisTicks(top, unit)
  const x = scaleBand<string>({
    domain: [...labels],
    range: [margin.left, width - margin.right],
    paddingInner: 0.25,
    paddingOuter: 0.125,
  })
  const y = scaleLinear<number>({ domain: [0, ticks.at(-1) ?? 1], range: [height - margin.bottom, margin.top] })
  return { x, y, ticks }
}

type ScaleOptions = {
  readonly labels: readonly string[]
  readonly top: number
  readonly unit: Unit
  readonly width: number
  readonly height: number
}

type ValueAxisProps = {
  readonly scale: ReturnType<typeof scaleLinear<number>>
  readonly ticks: readonly number[]
  readonly unit: Unit
  readonly width: number
}

/** Lines across at round values, with the value at the left. */
export function ValueAxis({ scale, ticks, unit, width }: ValueAxisProps) {
  return (
    <g className={classes.grid}>
      <GridRows scale={scale} tickValues={[...ticks]} left={margin.left} width={width - margin.left - margin.right} />
      <AxisLeft
        scale={scale}
        left={margin.left}
        tickValues={[...ticks]}
        tickFormat={(value) => formatValue(Number(value), unit)}
        hideAxisLine
        hideTicks
        tickLabelProps={{ dx: -2, dy: 3, textAnchor: 'end' }}
      />
    </g>
  )
}

type AxesProps = {
  readonly scales: ReturnType<typeof createScales>
  readonly unit: Unit
  readonly width: number
  readonly height: number
}

const labelWidth = 64

export function Axes({ scales: { x, y, ticks }, unit, width, height }: AxesProps) {
  const labels = x.domain()
  const every = Math.max(1, Math.ceil((labels.length * labelWidth) / Math.max(1, width - margin.left)))
  return (
    <>
      <ValueAxis scale={y} ticks={ticks} unit={unit} width={width} />
      <AxisBottom
        scale={x}
        top={height - margin.bottom}
        tickValues={labels.filter((_label, index) => index % every === 0)}
        hideAxisLine
        hideTicks
        tickLabelProps={{ dy: 2, textAnchor: 'middle' }}
      />
    </>
  )
}
