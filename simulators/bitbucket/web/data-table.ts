import { type Html, html, type Part } from '../../shared/html.ts'
import { scrollBox } from './scroll-box.ts'

interface Row {
  id?: string
  cells: Part[]
  /** A row of its own under it, over all columns. */
  below?: Html
}

interface DataTable {
  label: string
  id: string
  heads: readonly string[]
  rows: readonly Row[]
}

/** On a narrow window each row becomes a block, each cell with the name of its column. */
export function dataTable({ label, id, heads, rows }: DataTable): Html {
  const table = html`<table class="stacked" id="${id}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr${row.id !== undefined && html` id="${row.id}"`}>${row.cells.map(
      (cell, index) => html`<td data-label="${heads[index]}">${cell}</td>`,
    )}</tr>
${row.below !== undefined && html`<tr class="talk"><td colspan="${heads.length}">${row.below}</td></tr>`}`,
  )}</tbody></table>`
  return scrollBox(label, table)
}

/** Links to the pages before and after; nothing when there is one page. */
export function pageLinks({ page, last, address }: { page: number; last: boolean; address: (page: number) => string }) {
  if (page === 1 && last) return null
  return html`<nav class="row" aria-label="Pages">${page > 1 && html`<a href="${address(page - 1)}" rel="prev">Newer</a>`} Page ${page} ${
    !last && html`<a href="${address(page + 1)}" rel="next">Older</a>`
  }</nav>`
}
