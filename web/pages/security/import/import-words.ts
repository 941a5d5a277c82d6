import type { ImportCounts, ReportImport } from '../../../../contract/security/imports.ts'
import { toWords } from '../../../ui/words.ts'

/** What becomes of a result, in the same words on cards, badges, filters and in lists. */
export const outcomeWords: Record<Exclude<keyof ImportCounts, 'results' | 'sent'>, string> = {
  new: 'New',
  merged: 'Merged',
  kept: 'Kept',
  reopened: 'Reopened',
  closed: 'Closed',
  suppressed: 'Suppressed',
  skipped: 'Skipped',
  known: 'Known in the target',
}

const sourceWords: Record<ReportImport['source'], string> = {
  browser: 'in the browser',
  cli: 'from the command line',
  api: 'through the API',
}

/** Who brought a report in, and by which way: `Ines Marchetti, in the browser`. */
export function authorWords({ created_by: author, source }: Pick<ReportImport, 'created_by' | 'source'>): string {
  const way = sourceWords[source]
  return author === null ? way.charAt(0).toUpperCase() + way.slice(1) : `${author}, ${way}`
}

const refusals: Record<string, string> = {
  report_not_recognised: 'No scanner format fits this file',
  report_truncated: 'The report is cut off',
  report_wrong_encoding: 'The report is not UTF-8',
  report_too_large: 'The report is too large',
  report_no_runs: 'The report holds no scan',
  report_too_many_results: 'The report holds too many results',
  internal: 'It was broken off',
  report_invalid: 'The report does not follow its format',
}

/** Why a report was refused, in a few words; one this page does not know by its code. */
export function refusalWords(code: string): string {
  return refusals[code] ?? toWords(code)
}
