import { type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import { nameAdvisory, toPackage, toPlace, type VulnerablePackage } from './dependency-finding.ts'

/** A vulnerability as Semgrep's platform answers it, of any repository it knows. */
export function readVuln(vuln: JsonObject): VulnerablePackage | null {
  const advisory = readObject(vuln['advisory'])
  const dependency = readObject(vuln['matchedDependency'])
  const name = readText(dependency['name'])
  if (name === undefined) return null
  const references = readObject(advisory['references'])
  const location = readObject(vuln['dependencyFileLocation'])
  const path = readText(location['path']) ?? ''
  const repository = readText(vuln['repositoryName']) ?? readText(vuln['repositoryId']) ?? null
  const links = readList(references['urls'])
  const uses = readList(vuln['usages']).flatMap((use) => toPlace(readObject(use)['location']) ?? [])
  const named = nameAdvisory(readText(advisory['ruleId']) ?? '', [...readList(references['cveIds']), ...links])
  const ref = toPackage({
    name,
    version: dependency['versionSpecifier'],
    ecosystem: readText(advisory['ecosystem']),
    path,
  })
  const decided = readTriage(readObject(vuln['triage']))
  return {
    ...named,
    ...decided,
    key: [named.ruleId, ref.ecosystem, ref.name, ref.version ?? '', path, repository ?? '', decided.suppressed ?? ''],
    scanner: 'Semgrep Supply Chain',
    title: readText(vuln['title']) ?? readText(advisory['title']) ?? '',
    description: readText(advisory['description']) ?? '',
    rating: rateFinding({ word: advisory['severity'] }),
    cwes: readCwes(references['cweIds']),
    path,
    line: readLine(location['startLine']),
    package: ref,
    affected: readText(readObject(readList(advisory['vulnerableDependencies'])[0])['versionSpecifier']),
    fixedIn: readText(readObject(vuln['closestSafeDependency'])['versionSpecifier']) ?? null,
    notes: uses.length === 0 ? [] : ['Semgrep found code that reaches the problem.'],
    helpUri: links.flatMap((link) => readText(link) ?? [])[0],
    place: null,
    uses,
    repository,
  }
}

/** Closed with a reason is a decision; closed without one, Semgrep does not find it any more. */
function readTriage(triage: JsonObject): { suppressed: string | null; gone: string | null } {
  const status = (readText(triage['status']) ?? '').toUpperCase()
  const reason = readText(triage['dismissReason'])
  const isReason = reason !== undefined && reason !== 'UNKNOWN_REASON'
  const words = isReason ? ` (${reason.toLowerCase().replaceAll('_', ' ')})` : ''
  if (status === 'IGNORED' || (status === 'CLOSED' && isReason))
    return { suppressed: `Ignored in Semgrep${words}`, gone: null }
  const isGone = status === 'CLOSED' || status === 'FIXED' || status === 'REMOVED'
  return { suppressed: null, gone: isGone ? `${status.toLowerCase()} in Semgrep` : null }
}
