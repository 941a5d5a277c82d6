import { findAdvisoryNames } from '../../domain/advisory-names.ts'
import { type PackageRef, spellEcosystem } from '../../domain/package-identity.ts'
import { aliasesOf } from '../advisory-aliases.ts'
import { found, skipped } from '../define-format.ts'
import { describeDependency } from '../describe-dependency.ts'
import { ecosystemOfFile } from '../ecosystem-of-file.ts'
import { isObject, type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { type Rating, rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import { findMain, type Problems } from '../same-problem.ts'
import type { Place, ReportResult } from '../scanner.ts'
import { severities, toRuleId } from './code-finding.ts'

/** One telling of a vulnerable package. */
export type VulnerablePackage = {
  key: readonly string[]
  scanner: string
  ruleId: string
  aliases: string[]
  title: string
  description: string
  rating: Rating
  cwes: number[]
  path: string
  line: number | null
  package: PackageRef
  affected: string | undefined
  fixedIn: string | null
  notes: string[]
  helpUri: string | undefined
  /** Where the code uses what is vulnerable. */
  place: Place | null
  uses: Place[]
  repository: string | null
  suppressed: string | null
  /** Why the platform counts it as gone. */
  gone: string | null
}

/** A result of a scan that is about a package in a lockfile; null for one about code. */
export function readMatch(result: JsonObject): VulnerablePackage | null {
  const extra = readObject(result['extra'])
  const info = readObject(extra['sca_info'])
  const match = readObject(info['dependency_match'])
  const dependency = readObject(match['found_dependency'])
  const name = readText(dependency['package'])
  if (name === undefined) return null
  const metadata = readObject(extra['metadata'])
  const path = readText(match['lockfile']) ?? readText(dependency['lockfile_path']) ?? ''
  const word = readText(dependency['ecosystem'])
  const names = [metadata['sca-vuln-database-identifier'], metadata['references']].flat()
  const said = readText(extra['message']) ?? ''
  const used = toPlace(result)
  const ref = toPackage({ name, version: dependency['version'], ecosystem: word, path })
  const suppressed = extra['is_ignored'] === true ? 'Marked with nosemgrep' : null
  const advisory = nameAdvisory(toRuleId(readText(result['check_id']) ?? ''), names)
  return {
    ...advisory,
    key: [advisory.ruleId, ref.ecosystem, ref.name, ref.version ?? '', path, suppressed ?? ''],
    scanner: 'Semgrep',
    title: said,
    description: said,
    rating: rateFinding({ word: metadata['sca-severity'] ?? extra['severity'], words: severities }),
    cwes: readCwes(metadata['cwe']),
    path,
    line: readLine(dependency['line_number']),
    package: ref,
    affected: readText(readObject(match['dependency_pattern'])['semver_range']),
    fixedIn: readFixedIn(metadata['sca-fix-versions'], name),
    notes: info['reachable'] === true ? ['Semgrep found code that reaches the problem.'] : [],
    helpUri: readText(metadata['source']) ?? readText(metadata['shortlink']),
    // Without a use in the code the result stands in the lockfile itself.
    place: used?.path === path ? null : used,
    uses: [],
    repository: null,
    suppressed,
    gone: null,
  }
}

export function toDependencyResult(told: VulnerablePackage, packages: Problems, id: string): ReportResult {
  const { ruleId, package: ref, path, repository } = told
  if (told.gone !== null) return skipped('closed', `${ruleId} in ${path}`, told.gone)
  const main = findMain(packages, { key: told.key, id })
  if (main === null)
    return skipped('repeated', `${ruleId} in ${ref.name}`, 'told of before, for another use in the code')
  const notes = repository === null ? told.notes : [`In ${repository}.`, ...told.notes]
  return found(
    makeFinding({
      kind: 'dependency',
      scanner: told.scanner,
      ruleId,
      aliases: told.aliases,
      title: told.title,
      message: describeDependency({ package: ref, affected: told.affected, fixedIn: told.fixedIn, notes }),
      description: told.description,
      ...told.rating,
      cwes: told.cwes,
      path,
      startLine: told.line,
      package: ref,
      fixedIn: told.fixedIn,
      helpUri: told.helpUri,
      // The same lockfile stands in many repositories.
      fingerprint: repository,
      otherPlaces: [...(told.place === null ? [] : [told.place]), ...told.uses, ...main.others],
      suppressed: told.suppressed,
    }),
  )
}

/** The CVE or GHSA the advisory is about, if it is one alone; else Semgrep's own name. */
export function nameAdvisory(own: string, others: readonly unknown[]): { ruleId: string; aliases: string[] } {
  const names = aliasesOf(own, findAdvisoryNames(others.filter((one) => typeof one === 'string').join(' ')))
  const cve = names.find((name) => name.startsWith('CVE-'))
  const ghsa = names.find((name) => name.startsWith('GHSA-'))
  const ruleId = cve ?? ghsa ?? own
  return { ruleId, aliases: [own, ...names].filter((name) => name !== ruleId) }
}

type Told = { name: string; version: unknown; ecosystem: string | undefined; path: string }

/** An advisory for several ecosystems names one of them: the lockfile knows better. */
export function toPackage({ name, version, ecosystem = '', path }: Told): PackageRef {
  return { ecosystem: ecosystemOfFile(path) ?? spellEcosystem(ecosystem), name, version: readText(version) ?? null }
}

export function toPlace(value: unknown): Place | null {
  const location = readObject(value)
  const path = readText(location['path'])
  const line = readLine(readObject(location['start'])['line']) ?? readLine(location['startLine'])
  return path === undefined || line === null ? null : { path, line, message: null }
}

/** `[{"libfog": "1.3"}]` */
function readFixedIn(value: unknown, name: string): string | null {
  const versions = readList(value)
    .filter(isObject)
    .flatMap((one) => readText(one[name]) ?? [])
  return versions.length === 0 ? null : versions.join(', ')
}
