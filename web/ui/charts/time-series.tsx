import { LinePath } from '@visx/shape'
import { Axes, createScales } from './axes.tsx'
import { BucketButtons } from './bucket-buttons.tsx'
import { chartColor } from './chart-color.ts'
import type { Drawing } from './chart-frame.tsx'
import classes from './charts.module.css'
import { formatValue, type Unit } from './format-value.ts'

export type Line = {
  readonly label: string
  /** One for each bucket; null where there is no data, which is a gap and no zero. */
  readonly values: readonly (number | null)[]
  /** The period before: the same colour, dashed. */
  readonly isFormer?: boolean
}

type TimeSeriesProps = {
  readonly drawing: Drawing
  readonly labels: readonly string[]
  readonly lines: readonly Line[]
  readonly unit: Unit
  /** What a value was counted from, by bucket. */
  readonly counts: readonly number[]
  readonly onOpen: (index: number) => void
}

const height = 220

/** Values over time, a line each. */
export function TimeSeries({ drawing, labels, lines, unit, counts, onOpen }: TimeSeriesProps) {
  const { width, label: words } = drawing
  const top = Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const scales = createScales({ labels, top, unit, width, height })
  const half = scales.x.bandwidth() / 2
  const color = (line: Line): string =>
    chartColor(lines.filter((one) => one.isFormer !== true).findIndex((one) => one.label === line.label))
  return (
    <>
      <svg data-chart className={classes.svg} width={width} height={height} role="img" aria-label={words}>
        <Axes scales={scales} unit={unit} width={width} height={height} />
        {lines.map((line) => (
          <g
            key={`${line.label} ${line.isFormer === true}`}
            className={line.isFormer === true ? classes.former : classes.line}
            style={{ color: line.isFormer === true ? chartColor(5) : color(line) }}
          >
            <LinePath
              data={line.values.map((value, index) => ({ value, label: labels[index] ?? '' }))}
              defined={({ value }) => value !== null}
              x={({ label }) => (scales.x(label) ?? 0) + half}
              y={({ value }) => scales.y(value ?? 0)}
              stroke="currentColor"
            />
            {line.values.map((value, index) =>
              value === null ? null : (
                <circle
                  key={labels[index]}
                  cx={(scales.x(labels[index] ?? '') ?? 0) + half}
                  cy={scales.y(value)}
                  r={line.isFormer === true ? 0 : 3}
                  fill="currentColor"
                />
              ),
            )}
          </g>
        ))}
      </svg>
      <BucketButtons
        onOpen={onOpen}
        buckets={labels.map((label, index) => ({
          label,
          words: `${label}: ${lines.map((line) => `${line.label} ${formatValue(line.values[index] ?? null, unit)}`).join(', ')}; n = ${counts[index] ?? 0}`,
        }))}
      />
    </>
  )
}
