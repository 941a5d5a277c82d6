type Unit = 'seconds' | 'count' | 'per_day' | 'ratio' | 'lines'

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 })
const [hourS, dayS] = [3600, 86_400]

/** A figure in a sentence outside of the pages, which write it by the reader's language: seconds as minutes, hours or days, a ratio (0 to 1) in percent. */
export function writeFigure(value: number, unit: Unit): string {
  switch (unit) {
    case 'seconds':
      return writeDuration(value)
    case 'ratio':
      return percent.format(value)
    case 'per_day':
      return `${oneDigit.format(value)} a day`
    case 'count':
      return oneDigit.format(value)
    case 'lines':
      return `${whole.format(value)} lines`
    default:
      return unit satisfies never
  }
}

function writeDuration(seconds: number): string {
  if (seconds < hourS) return `${oneDigit.format(seconds / 60)} min`
  if (seconds < 2 * dayS) return `${oneDigit.format(seconds / hourS)} h`
  return `${oneDigit.format(seconds / dayS)} days`
}
