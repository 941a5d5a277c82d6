import { findAdvisoryNames } from '../../domain/advisory-names.ts'
import type { Severity } from '../../domain/severity.ts'
import { found, skipped } from '../define-format.ts'
import { isObject, type JsonObject, readList, readObject, readText, readWhole } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { type Rating, rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import type { Place, ReportResult } from '../scanner.ts'

export const scannerNames = { issues: 'SonarQube', hotspots: 'SonarQube Hotspots' }

/** CRITICAL is the second of five. */
const severities: ReadonlyMap<string, Severity> = new Map([
  ['blocker', 'critical'],
  ['critical', 'high'],
  ['major', 'medium'],
  ['minor', 'low'],
])
const dismissals: ReadonlyMap<string, string> = new Map([
  ['FALSE-POSITIVE', 'False positive in SonarQube'],
  ['FALSE_POSITIVE', 'False positive in SonarQube'],
  ['WONTFIX', "Won't fix in SonarQube"],
  ['ACCEPTED', 'Accepted in SonarQube'],
  ['SAFE', 'Reviewed as safe in SonarQube'],
  ['IN_SANDBOX', 'In the sandbox of SonarQube'],
])
/** A hotspot that is reviewed and acknowledged is a risk all the same. */
const gone = new Set(['CLOSED', 'RESOLVED', 'FIXED', 'REMOVED'])

type Surroundings = { isHotspot: boolean; paths: ReadonlyMap<string, string> }

export function toResult(issue: JsonObject, { isHotspot, paths }: Surroundings): ReportResult {
  const category = readText(issue['securityCategory'])
  // Before 9.0 a hotspot named its category alone.
  const ruleId = readText(issue['rule']) ?? readText(issue['ruleKey']) ?? category ?? ''
  const message = readText(issue['message']) ?? ''
  const toPath = (component: unknown): string | null => readPath(component, issue, paths)
  const path = toPath(issue['component'])
  const states = [issue['resolution'], issue['issueStatus'], issue['status']].flatMap((state) => readText(state) ?? [])
  const suppressed = states.flatMap((state) => dismissals.get(state) ?? [])[0] ?? null
  if (suppressed === null && states.some((state) => gone.has(state)))
    return skipped('fixed', `${ruleId} in ${path ?? ''}`, `SonarQube says: ${states.join(', ')}`)
  const range = readObject(issue['textRange'])
  const startLine = readLine(range['startLine']) ?? readLine(issue['line'])
  const offset = readWhole(range['startOffset'])
  const kind = isHotspot ? 'Security hotspot' : readText(issue['type'])?.toLowerCase().replaceAll('_', ' ')
  return found(
    makeFinding({
      kind: 'code',
      scanner: isHotspot ? scannerNames.hotspots : scannerNames.issues,
      ruleId,
      title: message,
      message,
      description: [kind, category].filter((part) => part !== undefined).join(': '),
      ...rate(issue, message),
      cwes: [...readCwes(issue['tags']), ...readCwes(message)],
      aliases: findAdvisoryNames(message),
      tags: category === undefined ? [] : [category],
      path,
      startLine,
      endLine: readLine(range['endLine']) ?? startLine,
      startColumn: offset === undefined ? null : offset + 1,
      fingerprint: readText(issue['key']) ?? readText(issue['hash']),
      suppressed,
      ...readFlows(issue['flows'], toPath),
    }),
  )
}

/** The one severity there was at first; since 10.x a severity for each quality, where that of security counts most. */
function rate(issue: JsonObject, message: string): Rating {
  const impacts = readList(issue['impacts']).filter(isObject)
  const impact = impacts.find((one) => one['softwareQuality'] === 'SECURITY') ?? impacts[0]
  return rateFinding({
    word: issue['severity'] ?? issue['vulnerabilityProbability'] ?? impact?.['severity'],
    words: severities,
    // Dependency-Check's plugin writes its findings as sentences.
    scores: [/\bCVSS Score: (\d{1,2}(?:\.\d)?)/.exec(message)?.[1]],
  })
}

/** `project:src/quay.ts`; a project of several modules has their keys between, and its list of components knows the path. */
function readPath(component: unknown, issue: JsonObject, paths: ReadonlyMap<string, string>): string | null {
  const key = readText(component)
  const project = readText(issue['project'])
  if (key === undefined || key === project) return null
  const modules = [readText(issue['subProject']), project].filter((one) => one !== undefined)
  const owner = modules.find((one) => key.startsWith(`${one}:`))
  if (owner !== undefined) return key.slice(owner.length + 1)
  return paths.get(key) ?? (key.includes(':') ? key.slice(key.lastIndexOf(':') + 1) : null)
}

/** A flow of one place each is a list of other places; of several, the way to the issue, told from its end. */
function readFlows(
  value: unknown,
  toPath: (component: unknown) => string | null,
): { flow: Place[]; otherPlaces: Place[] } {
  const flows = readList(value).map((flow) =>
    readList(readObject(flow)['locations']).flatMap((one) => {
      const location = readObject(one)
      const path = toPath(location['component'])
      const line = readLine(readObject(location['textRange'])['startLine'])
      return path === null || line === null ? [] : [{ path, line, message: readText(location['msg']) ?? null }]
    }),
  )
  const way = flows.find((places) => places.length > 1) ?? []
  return { flow: way.toReversed(), otherPlaces: flows.filter((places) => places.length === 1).flat() }
}
