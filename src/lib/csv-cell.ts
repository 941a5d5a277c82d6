/** What a spreadsheet takes for the beginning of a formula, wide forms included: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+\-@\t\r\n＝＋－＠]/

/**
 * A value as one cell of RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front, so that
 * it stays a text; null is an empty cell.
 */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const harmless = formula.test(value) ? `'${value}` : value
  return /[",\r\n\t;]|^\s|\s$|^'/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** One line, ended as RFC 4180 asks. */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
