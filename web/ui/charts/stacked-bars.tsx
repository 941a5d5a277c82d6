import { Bar } from '@visx/shape'
import { Axes, createScales } from './axes.tsx'
import { BucketButtons } from './bucket-buttons.tsx'
import { chartColor } from './chart-color.ts'
import { type Drawing, Legend } from './chart-frame.tsx'
import classes from './charts.module.css'
import { formatValue, type Unit } from './format-value.ts'

export type Layer = { readonly label: string; readonly values: readonly (number | null)[] }

type StackedBarsProps = {
  readonly drawing: Drawing
  readonly labels: readonly string[]
  /** From the bottom up. */
  readonly layers: readonly Layer[]
  readonly unit: Unit
  readonly counts: readonly number[]
  readonly onOpen: (index: number) => void
}

const height = 240

/** Parts of a whole over time, one bar a bucket. */
export function StackedBars({ drawing, labels, layers, unit, counts, onOpen }: StackedBarsProps) {
  const { width, label: words } = drawing
  const sums = labels.map((_label, index) => layers.reduce((sum, { values }) => sum + (values[index] ?? 0), 0))
  const scales = createScales({ labels, top: Math.max(0, ...sums), unit, width, height })
  return (
    <>
      <svg data-chart className={classes.svg} width={width} height={height} role="img" aria-label={words}>
        <Axes scales={scales} unit={unit} width={width} height={height} />
        {labels.map((label, index) =>
          stack(layers, index).map(({ name, from, to, color }) => (
            <Bar
              key={`${label} ${name}`}
              x={scales.x(label) ?? 0}
              width={scales.x.bandwidth()}
              y={scales.y(to)}
              height={scales.y(from) - scales.y(to)}
              fill={color}
            />
          )),
        )}
      </svg>
      <BucketButtons
        onOpen={onOpen}
        buckets={labels.map((label, index) => ({
          label,
          words: `${label}: ${layers.map((layer) => `${layer.label} ${formatValue(layer.values[index] ?? null, unit)}`).join(', ')}; n = ${counts[index] ?? 0}`,
        }))}
      />
      <Legend entries={layers.map(({ label }, index) => ({ label, color: chartColor(index) }))} />
    </>
  )
}

function stack(layers: readonly Layer[], bucket: number) {
  let from = 0
  return layers.flatMap(({ label, values }, index) => {
    const value = values[bucket] ?? 0
    if (value <= 0) return []
    const part = { name: label, from, to: from + value, color: chartColor(index) }
    from += value
    return [part]
  })
}
