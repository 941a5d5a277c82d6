import { readList, readObject, readText } from '../json-fields.ts'
import { type Entry, readAdvisoryId, type Told } from './entry.ts'

/** An advisory as npm 6, pnpm and Yarn 1 tell it: an entry for each version of the package that is installed. */
export function readAdvisory(value: unknown): Told[] {
  const advisory = readObject(value)
  const findings = readList(advisory['findings']).map(readObject)
  const link = readText(advisory['url']) ?? null
  const cvss = readObject(advisory['cvss'])
  const patched = readText(advisory['patched_versions'])
  const id = readText(advisory['github_advisory_id']) ?? readAdvisoryId(link, advisory['id'])
  // Without findings it is still there, in a version nobody knows.
  return (findings.length === 0 ? [{}] : findings).map((finding) => ({
    kind: 'entry',
    id,
    others: readList(advisory['cves']),
    name: readText(advisory['module_name']) ?? '',
    version: readText(finding['version']) ?? null,
    title: readText(advisory['title']) ?? '',
    description: readText(advisory['overview']) ?? '',
    severity: advisory['severity'],
    cwe: advisory['cwe'],
    vector: cvss['vectorString'],
    score: cvss['score'],
    affected: readText(advisory['vulnerable_versions']),
    // What no version mends is written as a range that holds none.
    fixedIn: patched === undefined || /^<\s*0\.0\.0/.test(patched) ? null : patched,
    link,
    ways: readList(finding['paths']).flatMap((path) => (typeof path === 'string' ? [readWay(path)] : [])),
    notes: [],
  }))
}

/** A line of Yarn 1: the advisory once more for each way to it. Other lines report progress and sums. */
export function readAdvisoryLine(value: unknown): Entry[] {
  const { resolution, advisory } = readObject(value)
  if (advisory === undefined) return []
  const way = readText(readObject(resolution)['path'])
  const entries = readAdvisory(advisory)
  if (way === undefined) return entries
  const versions = readList(readObject(advisory)['findings']).map((one) => readList(readObject(one)['paths']))
  const at = Math.max(
    versions.findIndex((paths) => paths.includes(way)),
    0,
  )
  return entries.slice(at, at + 1).map((own) => ({ ...own, ways: [readWay(way)] }))
}

/** `pilot>lighthouse` is in by pilot; a dependency of the project itself comes in by nothing. */
function readWay(path: string): string {
  const steps = path.split('>').filter((step) => step !== '.')
  return steps.slice(0, -1).join(' > ')
}
