import { digest, findingKeys } from '../../domain/finding-identity.ts'
import { maskSecrets } from '../../domain/mask-secrets.ts'
import type { Place, ReportFinding } from '../../scanners/scanner.ts'
import type { FindingBody } from '../../store/security/findings.ts'
import type { VulnerabilityBody } from '../../store/security/vulnerabilities.ts'

/** A finding without secrets in clear, with its keys and the digest that tells whether anything about it changed. */
export type PreparedFinding = { finding: ReportFinding; toolKey: string | null; contentKey: string; bodyHash: string }

/** Keys are made of the text as found, what is kept is masked. `salt` is one an organization. */
export function prepareFinding(found: ReportFinding, salt: string): PreparedFinding {
  const keys = findingKeys(found, salt)
  const finding = found.isSecret ? withoutSecrets(found) : found
  return { finding, ...keys, bodyHash: digest([JSON.stringify(finding)]) }
}

function withoutSecrets(finding: ReportFinding): ReportFinding {
  return {
    ...finding,
    title: maskSecrets(finding.title),
    message: maskSecrets(finding.message),
    snippet: finding.snippet === null ? null : maskSecrets(finding.snippet),
    suppressed: finding.suppressed === null ? null : maskSecrets(finding.suppressed),
    fingerprint: null,
    flow: finding.flow.map(hidePlace),
    otherPlaces: finding.otherPlaces.map(hidePlace),
  }
}

function hidePlace(place: Place): Place {
  return { ...place, message: place.message === null ? null : maskSecrets(place.message) }
}

export function toFindingBody(prepared: PreparedFinding, format: string, contentIndex: number): FindingBody {
  const { finding, toolKey, contentKey, bodyHash } = prepared
  return {
    scanner: finding.scanner,
    format,
    rule_id: finding.ruleId,
    title: finding.title,
    message: finding.message,
    severity: finding.severity,
    cvss_vector: finding.cvssVector,
    cwes: finding.cwes,
    aliases: finding.aliases,
    path: finding.path,
    start_line: finding.startLine,
    end_line: finding.endLine,
    start_column: finding.startColumn,
    snippet: finding.snippet,
    help_uri: finding.helpUri,
    tool_key: toolKey,
    content_key: contentKey,
    content_index: contentIndex,
    body_hash: bodyHash,
    evidence: { flow: finding.flow, other_places: finding.otherPlaces, suppressed: finding.suppressed },
  }
}

export function toVulnerabilityBody({ finding }: PreparedFinding): VulnerabilityBody {
  return {
    title: finding.title,
    description: finding.description,
    severity: finding.severity,
    severity_source: finding.severitySource,
    cvss_vector: finding.cvssVector,
    cvss_score: finding.cvssScore,
    cwes: finding.cwes,
    aliases: finding.aliases,
    scanner: finding.scanner,
    rule_id: finding.ruleId,
    path: finding.path,
    line: finding.startLine,
  }
}

/** Where a finding is, in the words of lists: `src/login.ts:12`. */
export function describePlace(finding: { path: string | null; startLine: number | null }): string | null {
  if (finding.path === null) return null
  return finding.startLine === null ? finding.path : `${finding.path}:${finding.startLine}`
}
