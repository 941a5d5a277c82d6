import { type PackageRef, parsePackageUrl } from '../../domain/package-identity.ts'
import { isObject, type JsonObject, readList, readText } from '../json-fields.ts'
import type { Place } from '../scanner.ts'

/** A dependency that vulnerabilities are told of. Its fields come one by one, in any order. */
export type Dependency = {
  fileName: string | null
  filePath: string | null
  /** Identifiers of packages and CPEs, and how sure Dependency-Check is of each. */
  identifiers: { id: string; confidence: string }[]
  related: string[]
}

/** What is read of a dependency. `evidenceCollected`, the bulk of a report, only says how it came to be known. */
export const dependencyFields: ReadonlySet<string> = new Set([
  'fileName',
  'filePath',
  'packages',
  'vulnerabilityIds',
  'identifiers',
  'relatedDependencies',
])

const maxRelated = 20

export function newDependency(): Dependency {
  return { fileName: null, filePath: null, identifiers: [], related: [] }
}

/** `value` is as JSON has it, also when it was read from XML. */
export function addField(dependency: Dependency, name: string, value: unknown): void {
  switch (name) {
    case 'fileName':
      dependency.fileName = readText(value)?.trim() ?? null
      return
    case 'filePath':
      dependency.filePath = readText(value)?.trim() ?? null
      return
    case 'relatedDependencies':
      for (const one of readList(value).filter(isObject).slice(0, maxRelated)) {
        const related = readText(one['filePath']) ?? readText(one['fileName'])
        if (related !== undefined) dependency.related.push(related.trim())
      }
      return
    default:
      dependency.identifiers.push(...readList(value).filter(isObject).flatMap(readIdentifier))
  }
}

/** Before version 5: `{ type: 'maven', name: '(group:artifact:version)' }`. */
function readIdentifier(one: JsonObject): { id: string; confidence: string }[] {
  const id = (readText(one['id']) ?? readText(one['name']))?.trim().replace(/^\((.*)\)$/, '$1')
  if (id === undefined) return []
  const confidence = readText(one['confidence'])?.trim().toUpperCase() ?? ''
  const type = readText(one['type'])?.trim().toLowerCase() ?? ''
  if (id.includes(':/') || id.startsWith('cpe:') || id.startsWith('pkg:') || type === '') return [{ id, confidence }]
  const parts = id.split(':')
  const version = parts.length > 1 ? (parts.at(-1) ?? '') : ''
  const name = parts.slice(0, parts.length > 1 ? -1 : 1).join('/')
  return [{ id: `pkg:${type}/${name}${version === '' ? '' : `@${version}`}`, confidence }]
}

const confidences = ['HIGHEST', 'HIGH', 'MEDIUM', 'LOW']

function rank({ confidence }: { confidence: string }): number {
  const at = confidences.indexOf(confidence)
  return at === -1 ? confidences.length : at
}

/** The package by its URL, else by its CPE, else by the name of its file; of several the surest. */
export function packageOf({ identifiers, fileName, filePath }: Dependency): PackageRef {
  const sure = identifiers.toSorted((a, b) => rank(a) - rank(b)).map(({ id }) => id)
  const purl = sure.map(parsePackageUrl).find((ref) => ref !== undefined)
  const found = purl ?? sure.map(parseCpe).find((ref) => ref !== undefined)
  const name = fileName ?? filePath?.split(/[/\\]/).at(-1) ?? ''
  return found ?? { ecosystem: 'generic', name: name === '' ? 'unknown' : name, version: null }
}

/** `cpe:2.3:a:vendor:product:version:…` and the older `cpe:/a:vendor:product:version`. */
function parseCpe(id: string): PackageRef | undefined {
  const parts = /^cpe:(?:2\.3:|\/)[aho]:/.test(id) ? id.replace(/^cpe:(?:2\.3:|\/)/, '').split(/(?<!\\):/) : []
  const [, vendor, product, version = ''] = parts.map((part) => part.replaceAll('\\', ''))
  if (vendor === undefined || product === undefined || product === '') return undefined
  return {
    ecosystem: 'generic',
    name: `${vendor}/${product}`,
    version: ['', '*', '-'].includes(version) ? null : version,
  }
}

const archive = /\.(jar|war|ear|aar|sar|zip|nupkg|dll|exe|whl|egg|gem|tgz|tar\.gz|tar|apk|rpm|hpi|kar|rar|so|dylib)$/i
/** An archive inside another, and what Dependency-Check found in there: a.war/WEB-INF/lib/b.jar/META-INF/… */
const insideArchive = /\.(jar|war|ear|aar|sar|zip|nupkg|whl|egg|kar)(?=[/\\:?]|$)/i

/**
 * Where it is, and where people look for it. An archive has its version in its name and lies in a cache of the machine or in
 * what was built: its package tells it from others, its path only says where. A lock file or a script is a place to stay.
 */
export function placeOf(dependency: Dependency, ref: PackageRef): { path: string | null; otherPlaces: Place[] } {
  const full = dependency.filePath ?? dependency.fileName ?? ''
  const file = full.replace(/\?.*$/s, '')
  const isBuilt = archive.test(file) || insideArchive.test(file)
  const hasName = ref.ecosystem !== 'generic' || dependency.identifiers.length > 0
  const path = file === '' || (isBuilt && hasName) ? null : file
  const others = path === null && file !== '' ? [file, ...dependency.related] : dependency.related
  return { path, otherPlaces: others.map((other) => ({ path: other, line: 1, message: null })) }
}
