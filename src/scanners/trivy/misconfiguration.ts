import { readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import type { Place, ReportFinding } from '../scanner.ts'
import { readCause } from './cause.ts'
import type { FindPath, TrivyGroup } from './layout.ts'

export function toMisconfiguration(value: unknown, group: TrivyGroup, findPath: FindPath): ReportFinding {
  const entry = readObject(value)
  const cause = readObject(entry['CauseMetadata'])
  const message = readText(entry['Message']) ?? readText(entry['Title']) ?? ''
  const path = findPath(undefined)
  const type = readText(entry['Type']) ?? ''
  const isObject = /kubernetes|helm/i.test(`${group.type} ${type}`)
  const resource = readText(cause['Resource']) ?? (isObject ? readWorkload(message) : undefined)
  const lines = readCause(cause['Code'])
  return makeFinding({
    kind: 'configuration',
    scanner: 'Trivy',
    ruleId: readRuleId(readText(entry['AVDID']), readText(entry['ID'])),
    title: readText(entry['Title']) ?? message,
    message,
    description: [readText(entry['Description']), readText(entry['Resolution'])]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    ...rateFinding({ word: entry['Severity'] }),
    path,
    startLine: readLine(cause['StartLine']),
    endLine: readLine(cause['EndLine']),
    // Of a Kubernetes object the cause is the whole container, image tag included: the message says it better.
    snippet: isObject ? null : lines,
    helpUri: readText(entry['PrimaryURL']),
    resource: resource ?? null,
    otherPlaces: readList(cause['Occurrences']).flatMap(toPlace),
  })
}

/** One spelling for `AVD-KSV-0001`, `KSV001` and `KSV-0001`, which are names of one check in three generations of Trivy. */
export function readRuleId(avdId: string | undefined, id: string | undefined): string {
  const bare = (avdId ?? id ?? '').replace(/^AVD-/, '')
  const [, family, number = ''] = /^(KSV|KCV|DS)(\d+)$/.exec(bare) ?? []
  return family === undefined ? bare : `${family}-${number.padStart(4, '0')}`
}

/** `Container 'app' of Deployment 'web' should …` is about Deployment/web/app. */
function readWorkload(message: string): string | undefined {
  const [, container, kind, name] = /^Container '([^']{1,300})' of (\w{1,60}) '([^']{1,300})'/.exec(message) ?? []
  if (container !== undefined) return `${kind}/${name}/${container}`
  const [, ownKind, ownName] = /^([A-Z]\w{1,60}) '([^']{1,300})' /.exec(message) ?? []
  return ownKind === undefined ? undefined : `${ownKind}/${ownName}`
}

/** Where the module or template is used that has the fault. */
function toPlace(value: unknown): Place[] {
  const { Filename: path, Location: location, Resource: resource } = readObject(value)
  const line = readLine(readObject(location)['StartLine'])
  const name = readText(path)
  return name === undefined ? [] : [{ path: name, line: line ?? 1, message: readText(resource) ?? null }]
}
