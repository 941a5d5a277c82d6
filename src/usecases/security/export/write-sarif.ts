import type { Severity } from '../../../domain/severity.ts'
import type { Status } from '../../../domain/status.ts'
import { version } from '../../../lib/version.ts'
import type { ExportFinding, ExportRow } from '../../../store/security/exports.ts'
import type { ExportSource, ToldRow } from './export-source.ts'

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** What is kept of the rules of a run until its results are written: rules are few, results are not. */
type Rule = { title: string; description: string; helpUri: string | null; cwes: readonly number[]; severity: Severity }

/** SARIF 2.1.0, a run for each scanner, so that its results are known again by the name they came under. */
export async function* writeSarif(source: ExportSource): AsyncGenerator<string> {
  yield `{"$schema":${JSON.stringify(schema)},"version":"2.1.0","runs":[`
  let isFirst = true
  for (const scanner of await source.scanners()) {
    yield isFirst ? '\n' : ',\n'
    isFirst = false
    yield* writeRun(source, scanner)
  }
  yield '\n]}\n'
}

async function* writeRun(source: ExportSource, scanner: string | null): AsyncGenerator<string> {
  const rules = new Map<string, Rule>()
  yield '{"results":['
  let isFirst = true
  for await (const batch of source.toldBy(scanner)) {
    const results = batch.flatMap((told) => toResults(told, source.publicUrl))
    for (const told of batch) noteRules(rules, told)
    if (results.length === 0) continue
    yield `${isFirst ? '' : ','}\n${results.map((result) => JSON.stringify(result)).join(',\n')}`
    isFirst = false
  }
  const name = scanner ?? 'Weir'
  const driver = {
    name,
    ...(scanner === null && { version, informationUri: source.publicUrl }),
    rules: [...rules].map(([id, rule]) => toRule(id, rule)),
  }
  yield `],"columnKind":"utf16CodeUnits","tool":${JSON.stringify({ driver })}}`
}

function noteRules(rules: Map<string, Rule>, { row, findings }: ToldRow): void {
  const { description, severity } = row
  for (const one of findings.length === 0 ? [{ ...row, help_uri: null }] : findings) {
    if (rules.has(one.rule_id)) continue
    rules.set(one.rule_id, { title: one.title, description, helpUri: one.help_uri, cwes: one.cwes, severity })
  }
}

function toRule(id: string, rule: Rule) {
  return {
    id,
    shortDescription: { text: rule.title },
    ...(rule.description !== '' && { fullDescription: { text: rule.description } }),
    ...(rule.helpUri !== null && { helpUri: rule.helpUri }),
    defaultConfiguration: { level: levelOf(rule.severity) },
    properties: { 'security-severity': scoreOf(rule.severity), tags: ['security', ...cweTags(rule.cwes)] },
  }
}

function cweTags(cwes: readonly number[]): string[] {
  return cwes.map((cwe) => `external/cwe/cwe-${String(cwe).padStart(3, '0')}`)
}

function toResults({ row, findings }: ToldRow, publicUrl: string) {
  if (findings.length === 0) return [toResult(row, null, publicUrl)]
  return findings.map((finding) => toResult(row, finding, publicUrl))
}

function toResult(row: ExportRow, finding: ExportFinding | null, publicUrl: string) {
  const about = finding ?? {
    ...row,
    message: row.title,
    start_line: row.line,
    end_line: null,
    start_column: null,
    snippet: null,
  }
  // A person's word counts more than the vector the scanner gave.
  const isByPerson = row.severity_source === 'person' || row.severity_source === 'impact'
  const severity = isByPerson || finding === null ? row.severity : finding.severity
  const vector = isByPerson ? null : about.cvss_vector
  return {
    ruleId: about.rule_id,
    level: levelOf(severity),
    message: { text: about.message || about.title },
    ...toLocations(about),
    hostedViewerUri: `${publicUrl}/vulnerabilities/${row.id}`,
    ...(row.status === 'fixed' && { baselineState: 'absent' }),
    ...toSuppressions(row),
    ...toFlow(finding),
    properties: {
      'security-severity': scoreOf(severity),
      ...(vector !== null && { cvssVector: vector }),
      tags: [...cweTags(about.cwes), ...about.aliases],
      // Not SARIF's own guid, which knows ids of the older versions only.
      'weir/vulnerability': row.id,
      'weir/number': row.number,
      'weir/status': row.status,
      'weir/asset': row.asset_key,
      'weir/branch': row.branch,
      ...(row.tags.length > 0 && { 'weir/tags': row.tags }),
      ...(finding !== null && { 'weir/finding': toOwnWords(row, finding) }),
    },
  }
}

/** What SARIF has no place for, so that our own importer knows the finding again. */
function toOwnWords(row: ExportRow, { kind, title, evidence }: ExportFinding) {
  return {
    kind,
    title,
    description: row.description,
    package: evidence.package ?? null,
    endpoint: evidence.endpoint ?? null,
    resource: evidence.resource ?? null,
  }
}

type Place = Pick<ExportFinding, 'path' | 'start_line' | 'end_line' | 'start_column' | 'snippet'>

function toLocations({ path, start_line, end_line, start_column, snippet }: Place) {
  if (path === null) return {}
  const region =
    start_line === null || start_line < 1
      ? undefined
      : {
          startLine: start_line,
          ...(end_line !== null && end_line >= start_line && { endLine: end_line }),
          ...(start_column !== null && start_column >= 1 && { startColumn: start_column }),
          ...(snippet !== null && { snippet: { text: snippet } }),
        }
  return { locations: [{ physicalLocation: { artifactLocation: toArtifact(path), ...(region && { region }) } }] }
}

/** A path as a URI below the root of the repository; an address stays one. */
function toArtifact(path: string) {
  if (/^https?:\/\//i.test(path) && URL.canParse(path)) return { uri: path }
  const uri = path.split('/').map(encodeURIComponent).join('/')
  return { uri, uriBaseId: '%SRCROOT%' }
}

const suppressing: readonly Status[] = ['risk_accepted', 'false_positive', 'suppressed']

function toSuppressions({ status, status_reason, accepted_until }: ExportRow) {
  if (!suppressing.includes(status)) return {}
  const until = accepted_until === null ? '' : ` until ${accepted_until}`
  const justification = `${status.replaceAll('_', ' ')}${until}${status_reason === null ? '' : `: ${status_reason}`}`
  return { suppressions: [{ kind: 'external', status: 'accepted', justification }] }
}

function toFlow(finding: ExportFinding | null) {
  const steps = (finding?.evidence.flow ?? []).flatMap((step) => {
    const { path, line, message } = Object(step)
    if (typeof path !== 'string' || typeof line !== 'number' || line < 1) return []
    const text = typeof message === 'string' ? { message: { text: message } } : {}
    const physicalLocation = { artifactLocation: toArtifact(path), region: { startLine: line } }
    return [{ location: { ...text, physicalLocation } }]
  })
  return steps.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ locations: steps }] }] }
}

function levelOf(severity: Severity): string {
  switch (severity) {
    case 'critical':
    case 'high':
      return 'error'
    case 'medium':
      return 'warning'
    case 'low':
      return 'note'
    case 'notification':
      return 'none'
  }
}

/** The middle of the range that CVSS gives a severity: what others read from `security-severity` is the same word. */
function scoreOf(severity: Severity): string {
  switch (severity) {
    case 'critical':
      return '9.5'
    case 'high':
      return '8.0'
    case 'medium':
      return '5.5'
    case 'low':
      return '2.0'
    case 'notification':
      return '0.0'
  }
}
