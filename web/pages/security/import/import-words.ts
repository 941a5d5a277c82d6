import type { ImportCounts, ReportImport } from '../../../../contract/security/imports.ts'
import { count, toWords } from '../../../ui/words.ts'

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

/** `Lantern 2.1`; of a report nobody recognised, the name of its file. */
export function toolWords({ tool, tool_version: version, file_name: file }: ReportImport): string {
  return tool === null ? file : [tool, version].filter((text) => text !== null).join(' ')
}

/** `feature → main, pull request 17`, or the branch alone. */
export function branchesWords({ branch, target_branch: target, pull_request_id: number }: ReportImport): string {
  if (target === null) return branch
  return `${branch} → ${target}${number === null ? '' : `, pull request ${number}`}`
}

/** What of a report is neither new, kept, reopened nor closed: `24 results: 3 merged, 2 skipped · 1 warning`. */
export function restWords({ counts, unread }: Pick<ReportImport, 'counts' | 'unread'>): string {
  const parts = (['merged', 'known', 'suppressed', 'skipped'] as const)
    .filter((key) => counts[key] > 0)
    .map((key) => `${counts[key].toLocaleString()} ${outcomeWords[key].toLowerCase()}`)
  const results = counts.results === 0 && parts.length === 0 ? '' : count(counts.results, 'result')
  const told = parts.length === 0 ? results : `${results}: ${parts.join(', ')}`
  return [told, unread.length === 0 ? '' : count(unread.length, 'warning')].filter((text) => text !== '').join(' · ')
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
  report_packed: 'The file is packed',
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
