import { digest, type FindingKeys, findingKeys } from '../../../domain/finding-identity.ts'
import { maskSecrets } from '../../../domain/mask-secrets.ts'
import type { Decision } from '../../../domain/matching/identities.ts'
import type { PackageRef } from '../../../domain/package-identity.ts'
import type { Place, ReportFinding } from '../../../scanners/scanner.ts'
import type { FindingBody, FindingEvidence } from '../../../store/security/findings.ts'
import type { VulnerabilityBody } from '../../../store/security/vulnerabilities.ts'

/** A finding without secrets in clear, with its keys and the digest that tells whether anything about it changed. */
export type PreparedFinding = { finding: ReportFinding; keys: FindingKeys; bodyHash: string }

/** Keys are made of the text as found, what is kept is masked. `salt` is one an organization. */
export function prepareFinding(found: ReportFinding, salt: string): PreparedFinding {
  const keys = findingKeys(found, salt)
  const finding = found.isSecret || found.secret !== null ? withoutSecrets(found) : found
  return { finding, keys, bodyHash: digest([JSON.stringify(finding)]) }
}

const mask = '••••••'
/** A shorter text stands in too many words to be taken out of them; what reads like a secret is masked all the same. */
const leastSecret = 4

/** The secret itself is taken out wherever it stands, for it may look like anything; then what reads like one is masked. */
function withoutSecrets(finding: ReportFinding): ReportFinding {
  const { secret } = finding
  const spellings =
    secret === null || secret.length < leastSecret ? [] : [secret, encodeURIComponent(secret.toWellFormed())]
  const takeOut = (text: string): string => spellings.reduce((left, one) => left.replaceAll(one, mask), text)
  const hide = (text: string): string => maskSecrets(takeOut(text))
  const hidePlace = (place: Place): Place => ({
    ...place,
    message: place.message === null ? null : hide(place.message),
  })
  return {
    ...finding,
    title: hide(finding.title),
    message: hide(finding.message),
    description: takeOut(finding.description),
    snippet: finding.snippet === null ? null : hide(finding.snippet),
    helpUri: finding.helpUri === null ? null : takeOut(finding.helpUri),
    resource: finding.resource === null ? null : takeOut(finding.resource),
    suppressed: finding.suppressed === null ? null : hide(finding.suppressed),
    fingerprint: null,
    secret: null,
    flow: finding.flow.map(hidePlace),
    otherPlaces: finding.otherPlaces.map(hidePlace),
  }
}

export function toFindingBody(prepared: PreparedFinding, format: string, contentIndex: number): FindingBody {
  const { finding, keys, bodyHash } = prepared
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
    tool_key: keys.toolKey,
    content_key: keys.contentKey,
    content_index: contentIndex,
    kind: finding.kind,
    place_key: keys.placeKey,
    moved_key: keys.movedKey,
    sketch: keys.sketch,
    package_key: keys.packageKey,
    advisory_names: keys.names,
    body_hash: bodyHash,
    evidence: toEvidence(finding),
  }
}

function toEvidence(finding: ReportFinding): FindingEvidence {
  const { flow, otherPlaces, suppressed, endpoint, resource } = finding
  const ref = finding.package
  return {
    flow,
    other_places: otherPlaces,
    suppressed,
    package:
      ref === null
        ? null
        : { ecosystem: ref.ecosystem, name: ref.name, version: ref.version, fixed_in: finding.fixedIn },
    endpoint,
    resource,
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
    kind: finding.kind,
    scanner: finding.scanner,
    rule_id: finding.ruleId,
    path: finding.path,
    line: finding.startLine,
  }
}

/** How a finding moved since the last scan: `moved from line 12`; null when it did not. */
export function describeMove(
  from: { path: string | null; line: number | null } | null,
  { path, startLine }: { path: string | null; startLine: number | null },
): string | null {
  if (from === null) return null
  if (from.path !== path) return from.path === null ? null : `was in ${from.path}`
  if (from.line === startLine || from.line === null || startLine === null) return null
  return `moved from line ${from.line}`
}

/** Why a result that is there again opens nothing: a person decided, and a scan does not change that. */
export function describeDecision({ decision }: { decision: Decision | null }): string | null {
  if (decision === null) return null
  return decision === 'false_positive' ? 'stays a false positive' : 'its risk stays accepted'
}

type PlacedFinding = Pick<ReportFinding, 'path' | 'startLine' | 'endpoint' | 'package'>

function describePackage({ name, version }: PackageRef): string {
  return version === null ? name : `${name} ${version}`
}

/** Where a finding is, in the words of lists: `src/login.ts:12`, `GET https://shop.example/login`, `lodash 4.17.20`. */
export function describePlace(finding: PlacedFinding): string | null {
  if (finding.endpoint !== null)
    return `${finding.endpoint.method} ${finding.endpoint.origin}${finding.endpoint.path}`.trim()
  if (finding.path === null) return finding.package === null ? null : describePackage(finding.package)
  return finding.startLine === null ? finding.path : `${finding.path}:${finding.startLine}`
}
