import { cutText } from '../lib/cut-text.ts'
import { defuse, escapeMarkdown } from './message-text.ts'
import { type Severity, severities } from './severity.ts'

/** What is open on a branch, as its commit is told. `url`: the page of the vulnerability. */
export type ToldVulnerability = {
  id: string
  number: number
  title: string
  severity: Severity
  path: string | null
  line: number | null
  url: string
}

/** `counts`: all that is open, by severity; `worst`: the first of them, worst first; `listUrl`: where all are read. */
export type CommitTold = {
  counts: Readonly<Record<Severity, number>>
  worst: readonly ToldVulnerability[]
  listUrl: string
  /** Of a pull request's scan: only what its target has not is counted. */
  isPullRequest: boolean
  /** What the gate says of the branch; null where nothing depends on it. */
  gate: 'passed' | 'failed' | null
}

/** Bitbucket takes no more annotations for one report. */
export const annotationsAtMost = 1000
/** Characters of an annotation's summary that Bitbucket takes. */
const longestSummary = 450
/** Lines of a summary comment that name a vulnerability. */
const namedAtMost = 10

/** `2 critical, 1 high`; `nothing` when all are zero. */
export function countInWords(counts: CommitTold['counts']): string {
  const parts = severities.flatMap((severity) => (counts[severity] === 0 ? [] : [`${counts[severity]} ${severity}`]))
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

export function countAll(counts: CommitTold['counts']): number {
  return severities.reduce((sum, severity) => sum + counts[severity], 0)
}

/**
 * Body of a Code Insights report. It has at most ten data fields and never waits (`PENDING`).
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/
 */
export function composeReport(told: CommitTold) {
  const total = countAll(told.counts)
  const left = total - Math.min(told.worst.length, annotationsAtMost)
  const what = told.isPullRequest ? 'new in this pull request' : 'open on this branch'
  const rest = left > 0 ? ` The worst ${total - left} are marked in the code; ${left} more are in Weir.` : ''
  return {
    title: 'Weir',
    details: `${capital(countInWords(told.counts))} ${what}.${rest}`,
    report_type: 'SECURITY',
    reporter: 'Weir',
    link: told.listUrl,
    ...(told.gate !== null && { result: told.gate === 'failed' ? 'FAILED' : 'PASSED' }),
    data: severities.map((severity) => ({
      title: capital(severity),
      type: 'NUMBER',
      value: told.counts[severity],
    })),
  }
}

const annotationSeverity = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  notification: 'LOW',
} as const satisfies Record<Severity, string>

/** Annotations of a report, worst first, at most a thousand; `external_id` stays the same for the same vulnerability. */
export function composeAnnotations(told: CommitTold) {
  return told.worst.slice(0, annotationsAtMost).map((one) => ({
    external_id: `weir-${one.id}`,
    annotation_type: 'VULNERABILITY',
    summary: cutText(`WEIR-${one.number}: ${defuse(one.title)}`, longestSummary),
    severity: annotationSeverity[one.severity],
    link: one.url,
    ...(one.path !== null && { path: one.path, ...(one.line !== null && { line: one.line }) }),
  }))
}

/** A build status that has ended; the same `key` replaces the one before on the same commit. */
export function composeBuildStatus(told: CommitTold, branch: string) {
  const what = told.isPullRequest ? 'new' : 'open'
  return {
    key: 'weir',
    name: `Weir: ${countInWords(told.counts)} ${what}`,
    description: told.isPullRequest ? 'New in this pull request' : 'Open on this branch',
    state: told.gate === 'failed' ? 'FAILED' : 'SUCCESSFUL',
    url: told.listUrl,
    refname: branch,
  }
}

/** The one comment of a pull request, in Markdown; when nothing is open it says that nothing is left. */
export function composeSummary(told: CommitTold): string {
  const total = countAll(told.counts)
  if (total === 0) return '**Weir:** nothing new is left in this pull request.'
  const named = told.worst.slice(0, namedAtMost)
  const lines = named.map((one) => {
    const place = one.path === null ? '' : ` in ${escapeMarkdown(one.path)}${one.line === null ? '' : `:${one.line}`}`
    return `- ${one.severity}: [WEIR-${one.number}](${one.url}) ${escapeMarkdown(cutText(one.title, 160))}${place}`
  })
  const left = total - named.length
  return [
    `**Weir:** ${countInWords(told.counts)} new in this pull request.`,
    '',
    ...lines,
    ...(left > 0 ? [`- and ${left} more`] : []),
    '',
    `[All of them in Weir](${told.listUrl})`,
  ].join('\n')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
