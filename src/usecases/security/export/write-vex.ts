import type { Severity } from '../../../domain/severity.ts'
import { toVexAnalysis } from '../../../domain/vex-analysis.ts'
import { version } from '../../../lib/version.ts'
import type { ExportFinding, ExportRow } from '../../../store/security/exports.ts'
import type { ExportSource, ToldRow } from './export-source.ts'

/** What vulnerabilities point at. Packages and assets are few beside the vulnerabilities, and are kept until those are written. */
type Component = {
  type: 'library' | 'application'
  'bom-ref': string
  name: string
  version?: string
  purl?: string
  properties?: { name: string; value: string }[]
}

/** CycloneDX 1.6 with what is known and what was decided of each vulnerability (VEX): https://cyclonedx.org/docs/1.6/json/ */
export async function* writeVex(source: ExportSource): AsyncGenerator<string> {
  const scanners = (await source.scanners()).flatMap((name) => (name === null ? [] : [name]))
  const tools = [...scanners.map((name) => ({ name })), { name: 'Weir', version }]
  const head = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${source.newId()}`,
    version: 1,
    metadata: {
      timestamp: source.now.toISOString(),
      tools: { components: tools.map((tool) => ({ type: 'application', ...tool })) },
    },
  }
  yield `${JSON.stringify(head).slice(0, -1)},"vulnerabilities":[`
  const components = new Map<string, Component>()
  let isFirst = true
  for await (const batch of source.toldRows()) {
    const lines = batch.map((told) => JSON.stringify(toVulnerability(told, components, source.publicUrl)))
    yield `${isFirst ? '' : ','}\n${lines.join(',\n')}`
    isFirst = false
  }
  yield '],"components":['
  isFirst = true
  for (const component of components.values()) {
    yield `${isFirst ? '' : ','}\n${JSON.stringify(component)}`
    isFirst = false
  }
  yield '\n]}\n'
}

function toVulnerability({ row, findings }: ToldRow, components: Map<string, Component>, publicUrl: string) {
  const refs = new Set(findings.map((finding) => noteComponent(components, row, finding)))
  if (refs.size === 0) refs.add(noteComponent(components, row, null))
  const fix = findings.map((finding) => toRecommendation(finding)).find((text) => text !== null) ?? null
  return {
    'bom-ref': row.id,
    id: row.rule_id,
    source: { name: 'Weir', url: `${publicUrl}/vulnerabilities/${row.id}` },
    ...(row.aliases.length > 0 && { references: row.aliases.map((id) => ({ id, source: sourceOf(id) })) }),
    ratings: [toRating(row)],
    ...(row.cwes.length > 0 && { cwes: row.cwes.filter((cwe) => cwe > 0) }),
    description: row.title,
    ...(row.description !== '' && { detail: row.description }),
    ...(fix !== null && { recommendation: fix }),
    ...toAdvisories(findings),
    created: row.opened_at.toISOString(),
    updated: row.updated_at.toISOString(),
    analysis: {
      ...toVexAnalysis({
        status: row.status,
        statusReason: row.status_reason,
        acceptedUntil: row.accepted_until,
        knownExploited: row.known_exploited,
      }),
      firstIssued: row.opened_at.toISOString(),
      lastUpdated: row.updated_at.toISOString(),
    },
    affects: [...refs].map((ref) => ({ ref })),
    properties: [
      { name: 'weir:number', value: String(row.number) },
      { name: 'weir:status', value: row.status },
      { name: 'weir:asset', value: row.asset_key },
      { name: 'weir:branch', value: row.branch },
    ],
  }
}

function toAdvisories(findings: readonly ExportFinding[]) {
  const urls = new Set(findings.flatMap(({ help_uri }) => (help_uri === null ? [] : [help_uri])))
  return urls.size === 0 ? {} : { advisories: [...urls].map((url) => ({ url })) }
}

function sourceOf(id: string): { name: string } {
  if (id.startsWith('CVE-')) return { name: 'NVD' }
  return { name: id.startsWith('GHSA-') ? 'GitHub Advisories' : 'OSV' }
}

/** A person's word is no CVSS, whatever vector stands beside it. */
function toRating({ severity, severity_source, cvss_vector, cvss_score }: ExportRow) {
  const word = wordOf(severity)
  if (severity_source !== 'cvss' || cvss_vector === null) return { severity: word, method: 'other' }
  const score = cvss_score === null ? {} : { score: Number(cvss_score) }
  return { ...score, severity: word, method: methodOf(cvss_vector), vector: cvss_vector }
}

function wordOf(severity: Severity): string {
  return severity === 'notification' ? 'info' : severity
}

function methodOf(vector: string): string {
  if (vector.startsWith('CVSS:4')) return 'CVSSv4'
  if (vector.startsWith('CVSS:3.1')) return 'CVSSv31'
  return vector.startsWith('CVSS:3') ? 'CVSSv3' : 'CVSSv2'
}

function toRecommendation({ evidence }: ExportFinding): string | null {
  const ref = evidence.package ?? null
  if (ref === null || ref.fixed_in === null || ref.fixed_in === '') return null
  return `Upgrade ${ref.name.replaceAll(' ', '-')} to version ${ref.fixed_in}.`
}

/** The package a finding is about, in the file it was found in; for everything else the asset. Answers its reference. */
function noteComponent(components: Map<string, Component>, row: ExportRow, finding: ExportFinding | null): string {
  const component = toPackage(finding) ?? {
    type: 'application' as const,
    'bom-ref': `asset:${row.asset_key}`,
    name: row.asset_name,
  }
  const ref = component['bom-ref']
  if (!components.has(ref)) components.set(ref, component)
  return ref
}

function toPackage(finding: ExportFinding | null): Component | undefined {
  const ref = finding?.evidence.package ?? null
  if (finding === null || ref === null) return undefined
  const purl = toPackageUrl(ref)
  const name = purl ?? [ref.ecosystem, ref.name, ref.version].filter((part) => part !== null).join(':')
  const { path } = finding
  return {
    type: 'library',
    'bom-ref': path === null ? name : `${name}#${encodeURI(path)}`,
    name: ref.name,
    ...(ref.version !== null && { version: ref.version }),
    ...(purl !== undefined && { purl }),
    ...(path !== null && { properties: [{ name: 'weir:path', value: path }] }),
  }
}

type Ref = { ecosystem: string; name: string; version: string | null }

/** https://github.com/package-url/purl-spec; undefined where the ecosystem's word cannot be a type of one. */
function toPackageUrl({ ecosystem, name, version: of }: Ref): string | undefined {
  if (!/^[a-z][a-z0-9.+-]*$/.test(ecosystem)) return undefined
  const joined = ecosystem === 'maven' ? name.replaceAll(':', '/') : name
  const path = joined.split('/').filter(Boolean).map(encodeURIComponent).join('/')
  return `pkg:${ecosystem}/${path}${of === null ? '' : `@${encodeURIComponent(of)}`}`
}
