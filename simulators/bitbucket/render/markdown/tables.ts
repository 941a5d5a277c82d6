/** Cells of a row; a bar after a backslash and one inside code is text. */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  let cell = ''
  let inCode = false
  const row = line.trim()
  for (let at = 0; at < row.length; at += 1) {
    const character = row[at] ?? ''
    if (character === '\\' && row[at + 1] === '|') {
      cell += '|'
      at += 1
    } else if (character === '|' && !inCode) {
      cells.push(cell.trim())
      cell = ''
    } else {
      if (character === '`') inCode = !inCode
      cell += character
    }
  }
  if (row.startsWith('|')) cells.shift()
  if (cell.trim() !== '') cells.push(cell.trim())
  return cells
}

function isRule(line: string): boolean {
  return /^[\s|:-]+$/.test(line) && line.includes('-') && line.includes('|')
}

/** A heading and a rule under it begin a table. */
export function isTableAt(lines: string[], at: number): boolean {
  return (lines[at] ?? '').includes('|') && isRule(lines[at + 1] ?? '')
}

function alignOf(rule: string): string {
  const [left, right] = [rule.startsWith(':'), rule.endsWith(':')]
  if (left && right) return ' align="center"'
  if (left) return ' align="left"'
  return right ? ' align="right"' : ''
}

/** Rows have as many cells as the heading: what is missing stays empty, what is too much is left out. */
export function readTable(
  lines: string[],
  start: number,
  inline: (text: string) => string,
): { html: string; next: number } {
  const heads = cellsOf(lines[start] ?? '')
  const rules = cellsOf(lines[start + 1] ?? '')
  const row = (tag: 'th' | 'td', cells: string[]) =>
    `<tr>\n${heads.map((_, index) => `<${tag}${alignOf(rules[index] ?? '')}>${inline(cells[index] ?? '')}</${tag}>`).join('\n')}\n</tr>`
  let next = start + 2
  const rows: string[] = []
  for (; next < lines.length && (lines[next] ?? '').trim() !== ''; next += 1)
    rows.push(row('td', cellsOf(lines[next] ?? '')))
  const html = ['<table>', '<thead>', row('th', heads), '</thead>', '<tbody>', ...rows, '</tbody>', '</table>']
  return { html: html.join('\n'), next }
}
