import { type PackageRef, parsePackageUrl } from '../../domain/package-identity.ts'
import { countOnce } from '../count-once.ts'
import { found, jsonFormat, skipped } from '../define-format.ts'
import { describeDependency } from '../describe-dependency.ts'
import { isObject, type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import type { ReportFinding, Scanner } from '../scanner.ts'
import { isItemOf, wishItems } from '../wish-items.ts'

type Context = { version: string | null }

/**
 * Findings of OWASP Dependency-Track, in its File Packaging Format: https://docs.dependencytrack.org/integrations/file-formats/
 * One vulnerability comes under the name of each database that knows it, and of each analyzer.
 */
export const dependencyTrack: Scanner = countOnce(
  jsonFormat<Context>({
    name: 'dependency-track',
    title: 'Dependency-Track',
    recognise: (head) =>
      /^\s*\{/.test(head) &&
      (/"application"\s*:\s*"Dependency-Track"/.test(head) ||
        (/"findings"\s*:\s*\[/.test(head) && /"vulnId"\s*:/.test(head) && /"matrix"\s*:/.test(head))),
    wish: wishItems(['findings'], ['meta']),
    isResult: (path) => isItemOf(path, 'findings'),
    newContext: () => ({ version: null }),
    learn: (context, { path: [top], value }) => {
      if (top === 'meta') context.version = readText(readObject(value)['version']) ?? null
    },
    tools: ({ version }) => [{ name: 'Dependency-Track', version, problem: null }],
    read: (value) => [
      isObject(value) ? found(toFinding(value)) : skipped('unreadable', 'A finding', 'is no JSON object'),
    ],
  }),
)

function toFinding(result: JsonObject): ReportFinding {
  const told = readObject(result['vulnerability'])
  const ref = readPackage(readObject(result['component']))
  const id = readText(told['vulnId']) ?? ''
  const description = readText(told['description']) ?? ''
  const recommendation = readText(told['recommendation'])
  return makeFinding({
    kind: 'dependency',
    scanner: 'Dependency-Track',
    ruleId: id,
    title: (readText(told['title']) ?? description) || `${id} in ${ref?.name ?? 'the project'}`,
    message: ref === null ? `The project is affected by ${id}.` : describeDependency({ package: ref }),
    description: [description, recommendation].filter((part) => part !== undefined && part !== '').join('\n\n'),
    ...rateFinding({
      word: told['severity'],
      vectors: [told['cvssV4Vector'], told['cvssV3Vector'], told['cvssV2Vector']],
      scores: [told['cvssV4Score'], told['cvssV3BaseScore'], told['cvssV2BaseScore']],
    }),
    cwes: readCwes([
      ...readList(told['cwes'])
        .filter(isObject)
        .map((one) => one['cweId']),
      told['cweId'],
    ]),
    aliases: readAliases(told['aliases']),
    package: ref,
    fixedIn: readText(told['patchedVersions']),
    helpUri: readHelp(id, told),
    suppressed: readReason(readObject(result['analysis'])),
  })
}

function readPackage(component: JsonObject): PackageRef | null {
  const purl = parsePackageUrl(readText(component['purl']) ?? '')
  const version = readText(component['version']) ?? null
  if (purl !== undefined) return { ...purl, version: purl.version ?? version }
  const name = [readText(component['group']), readText(component['name'])].filter((part) => part !== undefined)
  return name.length === 0 ? null : { ecosystem: 'generic', name: name.join('/'), version }
}

/** Names by database, `{ cveId, ghsaId, … }`; up to version 4.2 a list of texts. */
function readAliases(value: unknown): string[] {
  return readList(value).flatMap((one) => {
    const names = isObject(one) ? Object.entries(one).filter(([key]) => key.endsWith('Id')) : [['', one]]
    return names.flatMap(([, name]) => readText(name) ?? [])
  })
}

function readHelp(id: string, told: JsonObject): string | undefined {
  if (id.startsWith('CVE-')) return `https://nvd.nist.gov/vuln/detail/${id}`
  if (id.startsWith('GHSA-')) return `https://github.com/advisories/${id}`
  return /https?:\/\/[^\s)\]]{1,500}/.exec(readText(told['references']) ?? '')?.[0]
}

const settled = new Set(['NOT_AFFECTED', 'FALSE_POSITIVE', 'RESOLVED'])

/** What people decided in Dependency-Track; a decision counts whether or not it was also suppressed there. */
function readReason(analysis: JsonObject): string | null {
  const state = readText(analysis['state'])?.toUpperCase() ?? ''
  if (settled.has(state)) return `analysed as ${state.toLowerCase().replaceAll('_', ' ')}`
  if (analysis['isSuppressed'] !== true && analysis['isSuppressed'] !== 'true') return null
  return state === '' || state === 'NOT_SET'
    ? 'suppressed in Dependency-Track'
    : `suppressed in Dependency-Track: ${state.toLowerCase().replaceAll('_', ' ')}`
}
