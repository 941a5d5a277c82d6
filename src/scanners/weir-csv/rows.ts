import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { AppError } from '../../lib/app-error.ts'
import type { ReportSource } from '../scanner.ts'

/** A row of a table, and the line of the file it begins on. */
export type Row = { line: number; cells: readonly string[] }

/**
 * The rows of a CSV file, one at a time, blank ones left out. Line breaks may be of any system, and stand inside quotes.
 * Throws `report_truncated` or `report_invalid` with the line, `report_wrong_encoding` for bytes that are not UTF-8.
 */
export async function* readRows(
  source: ReportSource,
  { delimiter, maxRowBytes }: { delimiter: string; maxRowBytes: number },
): AsyncGenerator<Row> {
  const parser = parse({
    delimiter,
    info: true,
    raw: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maxRowBytes,
  })
  const fed = pipeline(Readable.from(readText(source)), parser)
  // What goes wrong there is thrown where the rows are read.
  fed.catch(() => undefined)
  let line = 1
  try {
    for await (const record of parser) {
      const { record: cells, raw } = readRecord(record)
      const blank = /^[\r\n]*/.exec(raw)?.[0] ?? ''
      if (cells.some((cell) => cell.trim() !== '')) yield { line: line + countLines(blank), cells }
      line += countLines(raw)
    }
  } catch (error) {
    throw error instanceof CsvError ? toAppError(error) : error
  }
}

function readRecord(value: unknown): { record: string[]; raw: string } {
  if (typeof value !== 'object' || value === null || !('record' in value) || !('raw' in value))
    return { record: [], raw: '' }
  const { record, raw } = value
  const cells = Array.isArray(record) ? record.map((cell) => (typeof cell === 'string' ? cell : '')) : []
  return { record: cells, raw: typeof raw === 'string' ? raw : '' }
}

function countLines(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0
}

async function* readText(source: ReportSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of source.open()) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new AppError(
      'report_wrong_encoding',
      'The table is not UTF-8: a character in it is broken. In Excel save it as "CSV UTF-8", and import it again.',
      { cause },
    )
  }
}

/** Rows that were read already may not have come out yet: the line is the parser's, which counts Windows line ends in quotes twice. */
function toAppError(error: CsvError): AppError {
  const { lines } = error
  const line = typeof lines === 'number' ? lines : 1
  const options = { cause: error, meta: { line } }
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new AppError(
      'report_truncated',
      `The table ends inside a quoted cell, near line ${line}: it is cut off, or a quote is missing there.`,
      options,
    )
  const why =
    error.code === 'CSV_MAX_RECORD_SIZE' ? 'the row is too long; a quote may be missing' : 'its quotes do not fit'
  return new AppError('report_invalid', `The table cannot be read near line ${line}: ${why}.`, options)
}
