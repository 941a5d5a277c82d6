/** Colours of the theme that stand apart from each other in both schemes; the sixth is the quiet one. */
const colors = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'] as const

/** The colour of the n-th series, beginning at 0. */
export function chartColor(index: number): string {
  return `var(${colors[index % colors.length]})`
}
