import { type PackageRef, parsePackageUrl, spellEcosystem } from '../../domain/package-identity.ts'
import { aliasesOf } from '../advisory-aliases.ts'
import { describeDependency } from '../describe-dependency.ts'
import { type JsonObject, readList, readNumber, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import type { ReportFinding } from '../scanner.ts'

export function toFinding(value: unknown): ReportFinding {
  const match = readObject(value)
  const entry = readObject(match['vulnerability'])
  const related = readList(match['relatedVulnerabilities']).map(readObject)
  const artifact = readObject(match['artifact'])
  const id = readText(entry['id']) ?? ''
  const ref = readPackage(artifact)
  const all = [entry, ...related]
  const description = all.map((one) => readText(one['description'])).find((text) => text !== undefined) ?? ''
  const fixedIn = readFix(entry)
  return makeFinding({
    kind: 'dependency',
    scanner: 'Grype',
    ruleId: id,
    title: description || `${id} in ${ref.name}`,
    message: describeDependency({ package: ref, fixedIn, notes: listNotes(entry) }),
    description,
    ...rateFinding({ word: entry['severity'], vectors: all.flatMap(listVectors), scores: all.flatMap(listScores) }),
    cwes: all.flatMap((one) => readList(one['cwes'])).flatMap((one) => readCwes(readObject(one)['cwe'] ?? one)),
    aliases: aliasesOf(
      id,
      related.map((one) => one['id']),
    ),
    path: findPath(readList(artifact['locations']).map(readObject), ref.ecosystem),
    helpUri: readText(entry['dataSource']) ?? readText(readList(entry['urls'] ?? entry['links'])[0]),
    package: ref,
    fixedIn,
  })
}

function readPackage(artifact: JsonObject): PackageRef {
  const name = readText(artifact['name']) ?? ''
  const version = readText(artifact['version']) ?? null
  const type = readText(artifact['type']) ?? ''
  const url = parsePackageUrl(readText(artifact['purl']) ?? '')
  const ecosystem = url?.ecosystem ?? (type === 'binary' ? 'generic' : spellEcosystem(type))
  // Of Java the name alone lacks the group.
  return { ecosystem, name: ecosystem === 'maven' ? (url?.name ?? name) : name, version }
}

/**
 * The file the package was found in. A system package has several (its record, its licence, its list of files), in changing
 * order: the record counts.
 */
function findPath(locations: readonly JsonObject[], ecosystem: string): string | undefined {
  const paths = locations.flatMap((location) => readText(location['path'] ?? location['realPath']) ?? [])
  const isSystem = ecosystem === 'deb' || ecosystem === 'rpm' || ecosystem === 'apk'
  const record = isSystem
    ? paths.find((path) => /\/(dpkg\/status|apk\/db\/installed|rpmdb|lib\/rpm\/)/.test(path))
    : undefined
  const primary = locations.find((location) => readObject(location['annotations'])['evidence'] === 'primary')
  return record ?? readText(primary?.['path']) ?? paths[0]
}

function readFix(entry: JsonObject): string | null {
  const versions = readList(readObject(entry['fix'])['versions']).flatMap((version) => readText(version) ?? [])
  return versions.length > 0 ? versions.join(', ') : (readText(entry['fixedInVersion']) ?? null)
}

function listNotes(entry: JsonObject): string[] {
  return [
    ...(readObject(entry['fix'])['state'] === 'wont-fix' ? ['The distribution will not fix it.'] : []),
    ...(readList(entry['knownExploited']).length > 0 ? ['It is known to be exploited.'] : []),
  ]
}

/** Newest version of CVSS first. */
function listCvss(entry: JsonObject): JsonObject[] {
  const all = readList(entry['cvss']).map(readObject)
  const newestFirst = all.toSorted((a, b) => (readNumber(b['version']) ?? 0) - (readNumber(a['version']) ?? 0))
  return [...newestFirst, readObject(entry['cvssV3']), readObject(entry['cvssV2'])]
}

function listVectors(entry: JsonObject): unknown[] {
  return listCvss(entry).map((one) => one['vector'])
}

function listScores(entry: JsonObject): unknown[] {
  return listCvss(entry).map((one) => readObject(one['metrics'])['baseScore'] ?? one['baseScore'])
}
