import { type FindingKind, findingKinds } from '../domain/finding-kind.ts'
import { parsePackageUrl, spellEcosystem } from '../domain/package-identity.ts'
import type { Severity } from '../domain/severity.ts'
import { makeFinding } from './make-finding.ts'
import { type Rating, rateFinding } from './rate-finding.ts'
import { readCwes } from './read-cwes.ts'
import { readLine } from './read-line.ts'
import type { ReportFinding } from './scanner.ts'
import { toEndpoint } from './to-endpoint.ts'

/** Fields of a finding in the formats of our own (docs/own-findings.md), with the other names they go by. */
const spellings = {
  title: ['name', 'summary', 'finding', 'issue', 'vulnerability'],
  severity: ['risk', 'riskrating', 'criticality'],
  id: ['findingid', 'key'],
  kind: ['findingkind'],
  rule: ['ruleid', 'check', 'checkid'],
  description: ['details', 'detail'],
  solution: ['remediation', 'recommendation', 'fix'],
  file: ['path', 'filename', 'filepath'],
  line: ['startline', 'linenumber'],
  endline: ['lastline'],
  column: ['startcolumn'],
  code: ['snippet'],
  url: ['endpoint', 'address', 'affectedurl', 'uri'],
  method: ['httpmethod'],
  parameter: ['param'],
  package: ['component', 'library', 'dependency'],
  ecosystem: ['packagetype'],
  version: ['packageversion', 'installedversion'],
  fixedin: ['fixedversion', 'fixversion'],
  purl: ['packageurl'],
  resource: ['resourcename'],
  cwe: ['cwes', 'cweid'],
  cvss: ['cvssvector', 'cvssscore'],
  aliases: ['cve', 'cves', 'advisory', 'alias'],
  link: ['helpuri', 'helpurl', 'links', 'references'],
  tool: ['scanner'],
  suppressed: ['suppression', 'acceptedbecause'],
} as const
export type OwnField = keyof typeof spellings

const fields = new Map<string, OwnField>()
for (const [field, others] of Object.entries(spellings))
  for (const name of [field, ...others]) if (isOwnField(field)) fields.set(name, field)

function isOwnField(name: string): name is OwnField {
  return Object.hasOwn(spellings, name)
}

/** The field a column or key stands for, in any case and with any signs between its words. */
export function findField(name: string): OwnField | undefined {
  return fields.get(name.toLowerCase().replace(/[^a-z0-9]/g, ''))
}

const severityWords: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['very high', 'critical'],
  ['blocker', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['low', 'low'],
  ['minor', 'low'],
  ['notification', 'notification'],
  ['info', 'notification'],
  ['information', 'notification'],
  ['informational', 'notification'],
  ['note', 'notification'],
  ['none', 'notification'],
])

const kindWords: ReadonlyMap<string, FindingKind> = new Map([
  ...findingKinds.map((kind) => [kind, kind] as const),
  ['config', 'configuration'],
  ['misconfiguration', 'configuration'],
  ['infrastructure', 'configuration'],
  ['package', 'dependency'],
  ['library', 'dependency'],
  ['endpoint', 'web'],
  ['api', 'web'],
])

export type OwnValues = ReadonlyMap<OwnField, string>
export type OwnEntry = { kind: 'finding'; finding: ReportFinding } | { kind: 'fault'; why: string }

/** The tool of findings that name none. */
export const ownTool = 'Own findings'

/** One finding as somebody wrote it down, or why it cannot be taken as one. */
export function readOwnFinding(values: OwnValues, tool: string): OwnEntry {
  const text = (field: OwnField): string => values.get(field)?.trim() ?? ''
  const [title, word, kindWord, cvss] = [text('title'), text('severity'), text('kind'), text('cvss')]
  if (title === '') return { kind: 'fault', why: 'has no title' }
  const rating = rate(word, cvss)
  if (rating === null)
    return { kind: 'fault', why: word === '' ? 'has no severity' : `has the unknown severity ${quote(word)}` }
  const said = kindWords.get(kindWord.toLowerCase())
  if (kindWord !== '' && said === undefined) return { kind: 'fault', why: `has the unknown kind ${quote(kindWord)}` }
  return { kind: 'finding', finding: toFinding({ text, rating, tool, kind: said ?? guessKind(text) }) }
}

function rate(word: string, cvss: string): Rating | null {
  const told = { word, vectors: [cvss], scores: [cvss], words: severityWords }
  if (word !== '') return severityWords.has(word.toLowerCase()) ? rateFinding(told) : null
  const rating = rateFinding(told)
  return rating.cvssScore === null ? null : rating
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

type Text = (field: OwnField) => string

function guessKind(text: Text): FindingKind {
  if (text('package') !== '' || text('purl') !== '') return 'dependency'
  if (text('url') !== '') return 'web'
  return text('resource') === '' ? 'code' : 'configuration'
}

/** An id is what the finding is known again by, whatever becomes of its title; without one it is the rule, or the title. */
function toFinding({ text, rating, tool, kind }: { text: Text; rating: Rating; tool: string; kind: FindingKind }) {
  const [title, solution] = [text('title'), text('solution')]
  const aliases = text('aliases').split(/[,;\s]+/)
  const rule = text('rule') || text('id') || (kind === 'dependency' ? (aliases[0] ?? '') : '') || title
  const line = readLine(text('line'))
  return makeFinding({
    kind,
    scanner: text('tool') || tool,
    ruleId: rule,
    title,
    message: title,
    description: [text('description'), solution === '' ? '' : `Solution: ${solution}`]
      .filter((part) => part !== '')
      .join('\n\n'),
    ...rating,
    cwes: readCwes(text('cwe').split(/[,;\s]+/)),
    aliases,
    path: text('file'),
    startLine: line,
    endLine: line === null ? null : readLine(text('endline')),
    startColumn: readLine(text('column')),
    snippet: text('code'),
    helpUri: text('link').split(/\s+/)[0],
    fingerprint: text('id') || null,
    package: readPackage(text),
    fixedIn: text('fixedin') || null,
    endpoint: kind === 'web' ? toEndpoint(text('url'), { method: text('method'), parameter: text('parameter') }) : null,
    resource: text('resource') || null,
    suppressed: text('suppressed') || null,
  })
}

function readPackage(text: Text): ReportFinding['package'] {
  const named = parsePackageUrl(text('purl') || text('package'))
  if (named !== undefined) return { ...named, version: named.version ?? (text('version') || null) }
  if (text('package') === '') return null
  return { ecosystem: spellEcosystem(text('ecosystem')), name: text('package'), version: text('version') || null }
}
