import classes from './review-heat-table.module.css'
import { lineWords, openCells, type ReviewMatrix } from './review-words.ts'

/** Reviewers down, authors across; the more reviews, the deeper the colour. The numbers stand in it, so that nobody needs the colour. */
export function ReviewHeatTable({ matrix }: { readonly matrix: ReviewMatrix }) {
  const { reviewers, authors, cells } = matrix
  const countOf = openCells(matrix)
  const most = Math.max(1, ...cells.map(({ count }) => count))
  return (
    // A region that is scrolled has to be reached by keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes.box} aria-label="Who reviews whom, a table that scrolls" tabIndex={0}>
      <table className={classes.table}>
        <caption className={classes.caption}>
          Reviewers in rows, authors in columns: how many pull requests of the author the reviewer reviewed.
        </caption>
        <thead>
          <tr>
            <th scope="col">Reviewer</th>
            {authors.map((author) => (
              <th key={author.key} scope="col" className={classes.author}>
                <span>{lineWords(author)}</span>
              </th>
            ))}
            <th scope="col">All</th>
          </tr>
        </thead>
        <tbody>
          {reviewers.map((reviewer) => (
            <tr key={reviewer.key}>
              <th scope="row">{lineWords(reviewer)}</th>
              {authors.map((author) => {
                const count = countOf(reviewer.key, author.key)
                return (
                  <td
                    key={author.key}
                    className={classes.cell}
                    style={{ background: `color-mix(in srgb, var(--chart-1) ${heat(count, most)}%, var(--surface))` }}
                  >
                    {count}
                  </td>
                )
              })}
              <td className={classes.sum}>{reviewer.count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** How deep a colour is, in percent: the deepest still lets text be read. */
function heat(count: number, most: number): number {
  return count === 0 ? 0 : Math.round(8 + (count / most) * 42)
}
