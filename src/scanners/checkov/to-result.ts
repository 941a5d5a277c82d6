import { spellEcosystem } from '../../domain/package-identity.ts'
import { found, skipped } from '../define-format.ts'
import { describeDependency } from '../describe-dependency.ts'
import { ecosystemOfFile } from '../ecosystem-of-file.ts'
import { type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { type FindingInput, makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import type { ReportResult } from '../scanner.ts'

/** `type` is what kind of files the run looked at, `list` the list the check stands in. */
type Where = { type: string; list: string }

type Common = Pick<
  FindingInput,
  'scanner' | 'ruleId' | 'title' | 'startLine' | 'endLine' | 'helpUri' | 'suppressed' | 'path' | 'cwes' | 'snippet'
>

export function toResult(check: JsonObject, where: Where): ReportResult {
  const id = readText(check['check_id']) ?? ''
  const outcome = readObject(check['check_result'])
  const said = typeof outcome['result'] === 'string' ? outcome['result'].toUpperCase() : ''
  const path = toPath(check)
  if (where.list === 'passed_checks' || said === 'PASSED') return skipped('passed', `${id} in ${path}`, null)
  const [first, last] = readList(check['file_line_range'])
  const common: Common = {
    scanner: 'Checkov',
    ruleId: id,
    title: readText(check['check_name']) ?? id,
    path,
    startLine: readLine(first),
    endLine: readLine(last),
    snippet: readCode(check['code_block']),
    helpUri: readText(check['guideline']),
    cwes: readCwes(check['cwe']),
    suppressed:
      where.list === 'skipped_checks' || said === 'SKIPPED'
        ? (readText(outcome['suppress_comment']) ?? 'Skipped by a comment or an option')
        : null,
  }
  const advisory = readObject(check['vulnerability_details'])
  if (readText(advisory['id']) !== undefined && readText(advisory['package_name']) !== undefined)
    return found(makeFinding(toDependency(check, advisory, common)))
  return found(makeFinding(where.type === 'secrets' ? toSecret(check, common) : toConfiguration(check, common)))
}

function toConfiguration(check: JsonObject, common: Common): FindingInput {
  const details = readList(check['details']).flatMap((one) => readText(one) ?? [])
  return {
    ...common,
    kind: 'configuration',
    message: [common.title, ...details].join('\n'),
    description: readText(check['description']) ?? '',
    ...rateFinding({ word: check['severity'] }),
    resource: readResource(check),
  }
}

/** A secret has its hash where others have their resource; the code is masked already. */
function toSecret(check: JsonObject, common: Common): FindingInput {
  return {
    ...common,
    kind: 'secret',
    message: common.title,
    ...rateFinding({ word: check['severity'], otherwise: 'high' }),
    fingerprint: readText(check['resource']),
  }
}

function toDependency(check: JsonObject, advisory: JsonObject, common: Common): FindingInput {
  const name = readText(advisory['package_name']) ?? ''
  const version = readText(advisory['package_version']) ?? null
  // The image that a file names stands behind its path, with its digest.
  const path = (common.path ?? '').replace(/ \(.*$/, '')
  const type = readText(advisory['package_type'])
  const ruleId = readText(advisory['id']) ?? common.ruleId
  const ecosystem = type === undefined ? (ecosystemOfFile(path) ?? 'generic') : spellEcosystem(type)
  const ref = { ecosystem, name, version }
  const fixedIn = readFixedIn(advisory)
  return {
    ...common,
    kind: 'dependency',
    ruleId,
    title: `${ruleId} in ${name}`,
    message: describeDependency({ package: ref, fixedIn }),
    description: readText(advisory['description']) ?? '',
    ...rateFinding({
      word: check['severity'] ?? advisory['severity'],
      vectors: [advisory['vector']],
      scores: [advisory['cvss']],
    }),
    path,
    snippet: null,
    helpUri: readText(advisory['link']) ?? common.helpUri,
    package: ref,
    fixedIn,
  }
}

/** The lowest version, or what `fixed in 1.3, 2.1` says; other states are no version. */
function readFixedIn(advisory: JsonObject): string | null {
  const lowest = readText(advisory['lowest_fixed_version'])
  return lowest ?? /^fixed in (.+)$/i.exec(readText(advisory['status']) ?? '')?.[1] ?? null
}

/** From where Checkov ran, which is the repository's root more often than the folder it was pointed at. */
function toPath(check: JsonObject): string {
  return readText(check['repo_file_path']) ?? readText(check['file_path']) ?? ''
}

/** A Dockerfile's resource is its own path and an instruction; the path may be that of the build machine. */
function readResource(check: JsonObject): string | null {
  const resource = readText(check['resource'])
  if (resource === undefined) return null
  const paths = [check['file_abs_path'], check['repo_file_path'], check['file_path']]
  const prefixes = paths.flatMap((path) => readText(path) ?? []).flatMap((path) => [`${path}.`, `${path.slice(1)}.`])
  const own = prefixes.find((prefix) => resource.startsWith(prefix)) ?? ''
  const rest = resource.slice(own.length)
  return rest === '' ? null : rest
}

/** Lines come as pairs of their number and text. */
function readCode(block: unknown): string {
  return readList(block)
    .map((line) => readList(line)[1])
    .filter((text) => typeof text === 'string')
    .join('')
}
