import { Text } from '@mantine/core'
import type { RouteResponse } from '../../../api/route-types.ts'
import { formatDay } from '../../../ui/time-ago.tsx'
import { formatNumber } from '../../../ui/words.ts'
import classes from './risk.module.css'
import { formatPoints } from './score-figure.tsx'

type Day = RouteResponse<'getRisk'>['trend'][number]
type Known = Day & { score: number }

const width = 300
const height = 60
const dayMs = 86_400_000

/** The score day by day as a line, with a table of the same for those who do not see it. */
export function TrendLine({ days, name }: { readonly days: readonly Day[]; readonly name: string }) {
  const known = days.filter((day): day is Known => day.score !== null)
  const [first] = known
  const last = known.at(-1)
  if (first === undefined || last === undefined || first === last)
    return (
      <Text size="sm" c="dimmed">
        The course over time appears from the second day on.
      </Text>
    )
  const span = at(last) - at(first)
  // From 0 up, so that a small change does not look like a big one.
  const top = Math.max(10, ...known.map(({ score }) => score))
  const points = known.map((day) => {
    const x = ((at(day) - at(first)) / span) * width
    return `${x.toFixed(1)},${(height - (day.score / top) * (height - 4)).toFixed(1)}`
  })
  return (
    <div>
      <svg className={classes.trend} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1={0} y1={height} x2={width} y2={height} />
        <polyline points={points.join(' ')} />
      </svg>
      <div className={classes.ends} aria-hidden="true">
        <Text size="xs" c="dimmed">{`${formatDay(first.day)}: ${formatPoints(first.score)}`}</Text>
        <Text size="xs" c="dimmed">{`${formatDay(last.day)}: ${formatPoints(last.score)}`}</Text>
      </div>
      <table className={classes.twin}>
        <caption>{`${name} by day`}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Points</th>
            <th scope="col">Open vulnerabilities</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, score, open }) => (
            <tr key={day}>
              <th scope="row">{formatDay(day)}</th>
              <td>{score === null ? 'Unknown' : formatPoints(score)}</td>
              <td>{formatNumber(open)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function at({ day }: Day): number {
  return new Date(day).getTime() / dayMs
}
