import type { ReactNode } from 'react'
import classes from './risk.module.css'
import { formatPoints } from './score-figure.tsx'

type Row = { readonly key: string; readonly name: ReactNode; readonly points: number }
type Props = { readonly caption: string; readonly rows: readonly Row[]; readonly total?: number }

/** Points with a bar for the eye; with `total` they add up to it. */
export function PointsTable({ caption, rows, total }: Props) {
  const most = Math.max(...rows.map(({ points }) => points), 0)
  return (
    <table className={classes.points}>
      <caption>{caption}</caption>
      <tbody>
        {rows.map(({ key, name, points }) => (
          <tr key={key}>
            <th scope="row" className="break">
              {name}
            </th>
            <td className={classes.bar} aria-hidden="true">
              <span style={{ width: most === 0 ? 0 : `${(points / most) * 100}%` }} />
            </td>
            <td>{`${formatPoints(points)} points`}</td>
          </tr>
        ))}
      </tbody>
      {total !== undefined && (
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Risk score
            </th>
            <td>{`${formatPoints(total)} points`}</td>
          </tr>
        </tfoot>
      )}
    </table>
  )
}
