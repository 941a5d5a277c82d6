import { findField, type OwnField } from '../own-findings.ts'

/** How a table is laid out: what its columns stand for, which of them nobody knows, and the line its header is on. */
export type Header = { delimiter: string; line: number; columns: readonly (OwnField | undefined)[]; unknown: string[] }

const delimiters = [',', ';', '\t', '|']

/** The header of a table that begins with `head`: of the usual separators, the one that finds most columns. Null without title and severity. */
export function readHeader(head: string): Header | null {
  const lines = head.split(/\r\n|\r|\n/, 20)
  // Excel takes the separator from a line in front of the header.
  const index = lines.findIndex((line) => line.trim() !== '' && !/^\s*"?sep=.?"?\s*$/i.test(line))
  const text = lines[index]?.slice(0, 4000) ?? ''
  const found = delimiters
    .map((delimiter) => {
      const names = text.split(delimiter).map((name) => name.trim().replace(/^["']|["']$/g, ''))
      const columns = names.map(findField)
      const unknown = names.filter((name, at) => name !== '' && columns[at] === undefined)
      return { delimiter, line: index + 1, columns, unknown }
    })
    .toSorted((a, b) => countKnown(b) - countKnown(a))[0]
  const has = (field: OwnField): boolean => found?.columns.includes(field) === true
  return found !== undefined && has('title') && (has('severity') || has('cvss')) ? found : null
}

function countKnown({ columns }: Header): number {
  return columns.filter((column) => column !== undefined).length
}
