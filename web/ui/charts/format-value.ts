/** What a figure counts in; the API says it with every metric. */
export type Unit = 'seconds' | 'count' | 'ratio' | 'lines' | 'per_day' | 'per_week'

const whole = new Intl.NumberFormat()
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

const hourS = 3600
const dayS = 86_400

/**
 * A figure in words: durations in hours with one digit (days from two days on, minutes under an hour), ratios in
 * percent. No data is a dash, never a zero.
 */
export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) return '–'
  switch (unit) {
    case 'seconds':
      return formatDuration(value)
    case 'ratio':
      return percent.format(value)
    case 'per_day':
      return `${oneDigit.format(value)} a day`
    case 'per_week':
      return `${oneDigit.format(value)} a week`
    case 'count':
      return oneDigit.format(value)
    case 'lines':
      return `${whole.format(Math.round(value))} lines`
    default:
      return unit satisfies never
  }
}

function formatDuration(seconds: number): string {
  if (seconds < 0) return `-${formatDuration(-seconds)}`
  if (seconds < hourS) return `${oneDigit.format(seconds / 60)} min`
  if (seconds < 2 * dayS) return `${oneDigit.format(seconds / hourS)} h`
  return `${oneDigit.format(seconds / dayS)} days`
}

const steps = [
  60,
  300,
  900,
  1800,
  hourS,
  2 * hourS,
  4 * hourS,
  8 * hourS,
  dayS / 2,
  dayS,
  2 * dayS,
  7 * dayS,
  14 * dayS,
  28 * dayS,
]

/** Where an axis of that unit has its lines, from zero to past `top`: round hours and days for durations. */
export function axisTicks(top: number, unit: Unit): number[] {
  const step = unit === 'seconds' ? durationStep(top) : roundStep(top)
  const ticks = [0]
  while ((ticks.at(-1) ?? 0) < top) ticks.push(round((ticks.at(-1) ?? 0) + step))
  return ticks
}

const wishedLines = 4

function durationStep(top: number): number {
  const step = steps.find((one) => top / one <= wishedLines)
  return step ?? Math.ceil(top / wishedLines / (28 * dayS)) * 28 * dayS
}

function roundStep(top: number): number {
  if (top <= 0) return 1
  const size = 10 ** Math.floor(Math.log10(top / wishedLines))
  const factor = [1, 2, 5, 10].find((one) => top / (one * size) <= wishedLines) ?? 10
  return factor * size
}

/** Without the dust of adding fractions. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}
