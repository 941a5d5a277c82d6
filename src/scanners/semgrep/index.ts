import { jsonFormat } from '../define-format.ts'
import { type JsonObject, readObject, readText } from '../json-fields.ts'
import type { JsonPath } from '../json-slicer.ts'
import { addEntry, type Problems } from '../same-problem.ts'
import type { ReportResult, ReportTool } from '../scanner.ts'
import { isItemOf, wishItems } from '../wish-items.ts'
import { toCodeFinding } from './code-finding.ts'
import { readMatch, toDependencyResult, type VulnerablePackage } from './dependency-finding.ts'
import {
  countPlatformFinding,
  mayHoldMore,
  newPlatformFindings,
  type PlatformFindings,
  readPlatformPackage,
  readRepository,
  toPlatformFinding,
} from './platform-findings.ts'
import { readVuln } from './platform-vulns.ts'
import { countError, describeErrors, hasGaps, newErrors, type ScanErrors } from './scan-errors.ts'

type Context = {
  version: string | null
  errors: ScanErrors
  skippedRules: number
  unscannedFiles: number
  /** Vulnerable packages, each of which may be told of once for every place that uses it. */
  packages: Problems
  repositories: Set<string>
  findings: PlatformFindings
  isOfPlatform: boolean
  hasMore: boolean
}

/** Files that Semgrep names as skipped, though they were meant to be scanned. */
const failures = new Set(['analysis_failed_parser_or_internal_error', 'exceeded_size_limit', 'too_big'])

/**
 * Semgrep's JSON (`semgrep scan --json`, `semgrep ci --json`), and the findings and the vulnerabilities of supply chain as
 * its platform answers them: https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif
 */
export const semgrep = jsonFormat<Context>({
  name: 'semgrep',
  title: 'Semgrep',
  recognise,
  wish: (path) => (path[0] === 'paths' ? wishPaths(path) : wishTop(path)),
  isResult: (path) => isItemOf(path, 'results') || isItemOf(path, 'vulns') || isItemOf(path, 'findings'),
  newContext: () => ({
    version: null,
    errors: newErrors(),
    skippedRules: 0,
    unscannedFiles: 0,
    packages: new Map(),
    repositories: new Set(),
    findings: newPlatformFindings(),
    isOfPlatform: false,
    hasMore: false,
  }),
  learn,
  tools,
  unread,
  read: (value, { packages }, path) => [toResult(readObject(value), packages, path)],
})

function recognise(head: string): boolean {
  if (!/^\s*\{/.test(head)) return false
  if (/"check_id"\s*:/.test(head) && /"extra"\s*:\s*\{/.test(head)) return true
  if (/"vulns"\s*:\s*\[/.test(head))
    return /"(?:matchedDependency|dependencyFileLocation|vulnerableDependencies)"\s*:/.test(head)
  if (/"findings"\s*:\s*\[/.test(head) && /"match_based_id"\s*:/.test(head))
    return /"(?:rule_name|triage_state)"\s*:/.test(head)
  return isScanWithoutResults(head)
}

/** Where fields stand in the order of the alphabet, thousands of errors and scanned files come before the first result. */
function isScanWithoutResults(head: string): boolean {
  const hasErrors = /"errors"\s*:\s*\[/.test(head)
  const isOfSemgrep =
    /"paths"\s*:\s*\{\s*"(?:_comment|scanned|skipped)"\s*:/.test(head) ||
    /"(?:engine_requested|interfile_languages_used|skipped_rules)"\s*:/.test(head)
  const isOfErrors = /^\s*\{\s*"errors"\s*:\s*\[\s*\{\s*"code"\s*:\s*\d+\s*,\s*"level"\s*:\s*"/.test(head)
  return (hasErrors && isOfSemgrep) || isOfErrors
}

const wishTop = wishItems(['results', 'errors', 'skipped_rules', 'vulns', 'findings'], ['version', 'hasMore'])

function wishPaths([, field, index]: JsonPath): 'enter' | 'take' | 'skip' {
  if (field !== undefined && field !== 'skipped') return 'skip'
  return index === undefined ? 'enter' : 'take'
}

function learn(context: Context, { path, value }: { path: JsonPath; value: unknown }): void {
  const [top] = path
  if (top === 'version') context.version = readText(value) ?? null
  else if (top === 'hasMore') {
    context.isOfPlatform = true
    context.hasMore = value === true
  } else if (isItemOf(path, 'errors')) countError(context.errors, readObject(value))
  else if (isItemOf(path, 'skipped_rules')) context.skippedRules += 1
  else if (top === 'paths') context.unscannedFiles += failures.has(readText(readObject(value)['reason']) ?? '') ? 1 : 0
  else learnResult(context, readObject(value), path)
}

function learnResult(context: Context, result: JsonObject, path: JsonPath): void {
  const isOfPlatform = isItemOf(path, 'findings')
  if (isOfPlatform) countPlatformFinding(context.findings, result)
  const found = readPackage(result, path)
  const repository = isOfPlatform ? readRepository(result) : (found?.repository ?? null)
  if (repository !== null) context.repositories.add(repository)
  if (found === null) return
  // What is gone stands for nothing that is there.
  if (found.gone === null) addEntry(context.packages, { ...found, id: path.join('/'), severity: found.rating.severity })
  context.isOfPlatform ||= path[0] === 'vulns'
}

function readPackage(result: JsonObject, [list]: JsonPath): VulnerablePackage | null {
  if (list === 'findings') return readPlatformPackage(result)
  return list === 'vulns' ? readVuln(result) : readMatch(result)
}

function toResult(result: JsonObject, packages: Problems, path: JsonPath): ReportResult {
  const vulnerable = readPackage(result, path)
  if (vulnerable !== null) return toDependencyResult(vulnerable, packages, path.join('/'))
  return path[0] === 'findings' ? toPlatformFinding(result) : toCodeFinding(result)
}

function tools(context: Context): ReportTool[] {
  const { version, errors, isOfPlatform, hasMore, findings } = context
  const { ofCode, ofPackages } = findings
  if (ofCode + ofPackages > 0) {
    const problem = mayHoldMore(findings) ? 'the file may hold only some pages of the answer' : null
    return [
      ...(ofCode > 0 ? [{ name: 'Semgrep', version, problem }] : []),
      ...(ofPackages > 0 ? [{ name: 'Semgrep Supply Chain', version, problem }] : []),
    ]
  }
  if (isOfPlatform)
    return [
      {
        name: 'Semgrep Supply Chain',
        version,
        problem: hasMore ? 'the file holds only some pages of the answer' : null,
      },
    ]
  return [{ name: 'Semgrep', version, problem: hasGaps(errors) ? 'Semgrep could not scan everything' : null }]
}

function unread({ errors, skippedRules, unscannedFiles, repositories, hasMore }: Context): string[] {
  return [
    ...describeErrors(errors),
    ...(unscannedFiles === 0
      ? []
      : [`Files Semgrep left out as too large or impossible to analyse: ${unscannedFiles}.`]),
    ...(skippedRules === 0 ? [] : [`Rules Semgrep left out: ${skippedRules}.`]),
    ...(repositories.size < 2
      ? []
      : [`The file holds results of ${repositories.size} repositories; each finding says of which it is.`]),
    ...(hasMore
      ? ["Semgrep's platform has more vulnerabilities than the file holds: put all pages into one list."]
      : []),
  ]
}
