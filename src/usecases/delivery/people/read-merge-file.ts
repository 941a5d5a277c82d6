import { CsvError, parse } from 'csv-parse/sync'
import * as z from 'zod'
import { AppError } from '../../../lib/app-error.ts'

/** One line of a file of merges: who stands for a person, and another account or address of theirs. */
export type MergeLine = { line: number; person: string; account: string }

const mergeLinesAtMost = 5000

const example = 'Its first line is “person,account”, every other one such a pair: addresses, UUIDs or account ids.'

/** Reads a table with the columns `person` and `account`. Throws `validation_failed` for what is none. */
export function readMergeFile(text: string): MergeLine[] {
  const rows = readRows(text)
  const [head, ...lines] = rows
  const names = head?.record.map((cell) => cell.toLowerCase()) ?? []
  const [person, account] = [names.indexOf('person'), names.indexOf('account')]
  if (person === -1 || account === -1) throw new AppError('validation_failed', `csv: this is no such table. ${example}`)
  if (lines.length > mergeLinesAtMost)
    throw new AppError('validation_failed', `csv: ${mergeLinesAtMost} lines at most in one file.`)
  return lines.map(({ record, info }) => ({
    line: info.lines,
    person: record[person] ?? '',
    account: record[account] ?? '',
  }))
}

const table = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }))

function readRows(text: string): z.infer<typeof table> {
  const delimiter = /^[^\n]*;/.test(text) ? ';' : ','
  try {
    const rows: unknown = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    })
    return table.parse(rows)
  } catch (error) {
    if (error instanceof CsvError)
      throw new AppError('validation_failed', `csv: the table cannot be read: ${error.message}`)
    throw error
  }
}
