import { countOnce } from '../count-once.ts'
import { jsonFormat, skipped } from '../define-format.ts'
import { foundDependency } from '../found-dependency.ts'
import { readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import type { ReportResult } from '../scanner.ts'
import type { OsvPackage } from './to-finding.ts'
import { findGroup, readGroups, toFinding } from './to-finding.ts'

type Context = { sources: Map<string, { path: string; type: string }>; packages: Map<string, OsvPackage> }

const format = jsonFormat<Context>({
  name: 'osv-scanner',
  title: 'OSV-Scanner',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    /"results"\s*:\s*(\[|null)/.test(head) &&
    (/"experimental_config"\s*:\s*\{\s*"licenses"/.test(head) ||
      (/"packages"\s*:\s*\[/.test(head) &&
        (/"source"\s*:\s*\{\s*"(path|type)"\s*:/.test(head) || /"schema_version"\s*:/.test(head)))),
  wish,
  isResult: (path) => path.length === 6,
  newContext: () => ({ sources: new Map(), packages: new Map() }),
  learn,
  tools: () => [{ name: 'OSV-Scanner', version: null, problem: null }],
  read: (value, context, path) => [toResult(value, context, path)],
})

/**
 * OSV-Scanner's JSON (`osv-scanner --format json`): https://google.github.io/osv-scanner/output/. By source, then by package;
 * `groups` says which of a package's advisories are names of one.
 */
export const osvScanner = countOnce(format)

/** `results / n / packages / n / vulnerabilities / n`: a package of a distribution may have thousands. */
function wish(path: JsonPath): Wish {
  const [top, , field, , part] = path
  if (path.length === 0) return 'enter'
  if (top !== 'results') return 'skip'
  if (path.length <= 2) return 'enter'
  if (field === 'source') return 'take'
  if (field !== 'packages') return 'skip'
  if (path.length <= 4) return 'enter'
  if (part === 'package' || part === 'groups' || part === 'dependency_groups') return 'take'
  if (part !== 'vulnerabilities' && part !== 'license_violations') return 'skip'
  return path.length === 5 ? 'enter' : 'take'
}

function learn({ sources, packages }: Context, { path, value }: { path: JsonPath; value: unknown }): void {
  const [, , field, , part] = path
  if (field === 'source') {
    const { path: place, type } = readObject(value)
    sources.set(path.slice(0, 2).join('/'), { path: readText(place) ?? '', type: readText(type) ?? '' })
    return
  }
  if (field !== 'packages' || path.length < 5) return
  const key = path.slice(0, 4).join('/')
  const known = packages.get(key) ?? { package: {}, groups: [], present: new Set(), usedFor: [] }
  packages.set(key, known)
  if (part === 'package') known.package = readObject(value)
  if (part === 'groups') known.groups = readGroups(value)
  if (part === 'dependency_groups' && Array.isArray(value)) known.usedFor = value.flatMap((one) => readText(one) ?? [])
  if (part === 'vulnerabilities') known.present.add(readText(readObject(value)['id']) ?? '')
}

function toResult(value: unknown, { sources, packages }: Context, path: JsonPath): ReportResult {
  const known = packages.get(path.slice(0, 4).join('/'))
  const source = sources.get(path.slice(0, 2).join('/')) ?? { path: '', type: '' }
  if (path[4] === 'license_violations' || known === undefined)
    return skipped('licence', readText(value) ?? 'A licence', 'licences are no vulnerabilities')
  const { id, withdrawn } = readObject(value)
  const name = readText(id) ?? ''
  if (readText(withdrawn) !== undefined) return skipped('withdrawn', name, 'the advisory was withdrawn')
  const { heads, ...group } = findGroup(known, name)
  if (!heads.includes(name)) return skipped('repeated', name, `another name of ${heads[0] ?? ''}`)
  return foundDependency(toFinding(value, { known, group, source }))
}
