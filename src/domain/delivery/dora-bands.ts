/** Where a figure of delivery stands among those who answered the survey of one year. */
export type DoraBand = 'elite' | 'high' | 'medium' | 'low'

/** The figures that are banded. Durations in seconds, rates 0 to 1, frequency in deployments a day. */
export type DoraFigure = 'lead_time' | 'deployment_frequency' | 'change_failure_rate' | 'recovery_time'

type Edge = { band: DoraBand; edge: number }

/** The bands of one year, best first. A duration is in a band below its edge, a rate up to it, a frequency from it on. */
export type DoraBands = {
  year: number
  figures: Readonly<Record<DoraFigure, readonly Edge[]>>
  /** Figures whose numbers come from other places than the report itself. */
  secondHand: readonly DoraFigure[]
}

const [hour, day] = [3600, 86_400]
const [week, month] = [7 * day, 30 * day]

// https://dora.dev/research/: the reports of both years. Later ones have no bands.
export const doraBands: readonly DoraBands[] = [
  {
    year: 2023,
    figures: {
      lead_time: edges(day, week, month),
      deployment_frequency: edges(5 / 7, 1 / 7, 1 / 30),
      change_failure_rate: edges(0.05, 0.1, 0.15),
      recovery_time: edges(hour, day, week),
    },
    secondHand: ['change_failure_rate'],
  },
  {
    year: 2024,
    figures: {
      lead_time: edges(day, week, month),
      deployment_frequency: edges(5 / 7, 1 / 7, 1 / 30),
      // That year "high" fails more often than "medium": 20 % and 10 %.
      change_failure_rate: [
        { band: 'elite', edge: 0.05 },
        { band: 'medium', edge: 0.1 },
        { band: 'high', edge: 0.2 },
        { band: 'low', edge: Number.POSITIVE_INFINITY },
      ],
      recovery_time: [
        { band: 'elite', edge: hour },
        { band: 'high', edge: day },
        { band: 'low', edge: Number.POSITIVE_INFINITY },
      ],
    },
    secondHand: [],
  },
]

function edges(elite: number, high: number, medium: number): Edge[] {
  const last = elite > high ? 0 : Number.POSITIVE_INFINITY
  return [
    { band: 'elite', edge: elite },
    { band: 'high', edge: high },
    { band: 'medium', edge: medium },
    { band: 'low', edge: last },
  ]
}

/** The band a figure stands in by the table of a year; undefined for a year without bands. Units as in `DoraFigure`. */
export function findDoraBand(year: number, figure: DoraFigure, value: number): DoraBand | undefined {
  const table = doraBands.find((one) => one.year === year)?.figures[figure]
  return table?.find(({ edge }) => isWithin(figure, value, edge))?.band
}

function isWithin(figure: DoraFigure, value: number, edge: number): boolean {
  switch (figure) {
    case 'deployment_frequency':
      return value >= edge
    case 'change_failure_rate':
      return value <= edge
    case 'lead_time':
    case 'recovery_time':
      return value < edge
    default: {
      const unheard: never = figure
      return unheard
    }
  }
}
