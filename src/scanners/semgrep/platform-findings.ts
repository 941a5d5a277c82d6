import { found, skipped } from '../define-format.ts'
import { type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import type { ReportResult } from '../scanner.ts'
import { severities, toRuleId, withoutCounter } from './code-finding.ts'
import { nameAdvisory, toPackage, type VulnerablePackage } from './dependency-finding.ts'

/** The platform answers a page of a hundred where none is asked for, and never says whether there are more. */
const pageSize = 100

/** Findings as the platform answers them: of code and of dependencies, of any repository it knows. */
export type PlatformFindings = { ofCode: number; ofPackages: number }

export function newPlatformFindings(): PlatformFindings {
  return { ofCode: 0, ofPackages: 0 }
}

export function countPlatformFinding(count: PlatformFindings, finding: JsonObject): void {
  if (isOfPackage(finding)) count.ofPackages += 1
  else count.ofCode += 1
}

export function mayHoldMore({ ofCode, ofPackages }: PlatformFindings): boolean {
  const held = ofCode + ofPackages
  return held > 0 && held % pageSize === 0
}

export function readRepository(finding: JsonObject): string | null {
  return readText(readObject(finding['repository'])['name']) ?? null
}

/** https://semgrep.dev/api/v1/docs: a finding in code, by the rule and the place the command line would name. */
export function toPlatformFinding(finding: JsonObject): ReportResult {
  const rule = readObject(finding['rule'])
  const location = readObject(finding['location'])
  const checkId = readText(finding['rule_name']) ?? readText(rule['name']) ?? ''
  const message = readText(finding['rule_message']) ?? readText(rule['message']) ?? ''
  const path = readText(location['file_path'])
  const { gone, suppressed } = readDecision(finding)
  if (gone !== null) return skipped('closed', `${toRuleId(checkId)} in ${path ?? 'an unnamed file'}`, gone)
  const startLine = readLine(location['line'])
  return found(
    makeFinding({
      kind: 'code',
      scanner: 'Semgrep',
      ruleId: toRuleId(checkId),
      title: message,
      message,
      description: describe(finding),
      ...rateFinding({ word: finding['severity'], words: severities }),
      cwes: readCwes(rule['cwe_names']),
      tags: [checkId, ...readList(rule['vulnerability_classes']).flatMap((one) => readText(one) ?? [])],
      path,
      startLine,
      endLine: readLine(location['end_line']) ?? startLine,
      startColumn: readLine(location['column']),
      helpUri: readText(finding['line_of_code_url']),
      fingerprint: withoutCounter(finding['match_based_id']),
      suppressed,
    }),
  )
}

/** null for a finding in code. */
export function readPlatformPackage(finding: JsonObject): VulnerablePackage | null {
  if (!isOfPackage(finding)) return null
  const rule = readObject(finding['rule'])
  const location = readObject(finding['location'])
  const dependency = readObject(finding['found_dependency'])
  const path = readText(location['file_path']) ?? ''
  const repository = readRepository(finding)
  const ownName = readText(finding['rule_name']) ?? readText(rule['name']) ?? ''
  const named = nameAdvisory(ownName, [finding['vulnerability_identifier']])
  const name = readText(dependency['package']) ?? ''
  const ref = toPackage({ name, version: dependency['version'], ecosystem: readText(dependency['ecosystem']), path })
  const decided = readDecision(finding)
  const message = readText(finding['rule_message']) ?? readText(rule['message']) ?? ''
  const isReachable = /^(always )?reachable$/i.test(readText(finding['reachability']) ?? '')
  return {
    ...named,
    ...decided,
    key: [named.ruleId, ref.ecosystem, ref.name, ref.version ?? '', path, repository ?? '', decided.suppressed ?? ''],
    scanner: 'Semgrep Supply Chain',
    title: message,
    description: message,
    rating: rateFinding({ word: finding['severity'] }),
    cwes: readCwes(rule['cwe_names']),
    path,
    line: readLine(location['line']),
    package: ref,
    affected: undefined,
    fixedIn: readFixes(finding['fix_recommendations'], name),
    notes: isReachable ? ['Semgrep found code that reaches the problem.'] : [],
    helpUri: readText(finding['line_of_code_url']),
    place: null,
    uses: [],
    repository,
  }
}

function describe(finding: JsonObject): string {
  const repository = readRepository(finding)
  const guidance = readText(readObject(readObject(finding['assistant'])['guidance'])['summary'])
  return [guidance, repository === null ? undefined : `In ${repository}.`]
    .filter((line) => line !== undefined)
    .join('\n\n')
}

function isOfPackage(finding: JsonObject): boolean {
  return readText(readObject(finding['found_dependency'])['package']) !== undefined
}

function readFixes(value: unknown, name: string): string | null {
  const versions = readList(value)
    .map(readObject)
    .filter((fix) => readText(fix['package']) === name)
    .flatMap((fix) => readText(fix['version']) ?? [])
  return versions.length === 0 ? null : versions.join(', ')
}

/** What somebody decided is kept as that; what the platform does not find any more is gone. */
function readDecision(finding: JsonObject): { suppressed: string | null; gone: string | null } {
  const status = (readText(finding['status']) ?? readText(finding['state']) ?? '').toLowerCase()
  const reason = readText(finding['triage_reason'])
  const words = reason === undefined || reason === 'no_triage_reason' ? '' : ` (${reason.replaceAll('_', ' ')})`
  if (status === 'ignored' || status === 'muted') return { suppressed: `Ignored in Semgrep${words}`, gone: null }
  const isGone = status === 'fixed' || status === 'removed'
  return { suppressed: null, gone: isGone ? `${status} in Semgrep` : null }
}
