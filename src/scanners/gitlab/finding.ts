import { type PackageRef, spellEcosystem } from '../../domain/package-identity.ts'
import { aliasesOf } from '../advisory-aliases.ts'
import { describeDependency } from '../describe-dependency.ts'
import { ecosystemOfFile } from '../ecosystem-of-file.ts'
import { imageWithoutTag } from '../image-name.ts'
import { isObject, type JsonObject, readList, readObject, readText, readWhole } from '../json-fields.ts'
import { type FindingInput, makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readSecret } from '../read-secret.ts'
import type { ReportFinding } from '../scanner.ts'
import { toEndpoint } from '../to-endpoint.ts'
import { fingerprintOf, type GitlabKind, type Identifier, kindOf, readIdentifiers, ruleOf } from './kind.ts'

type About = { scanner: string; scanType: string | null }

export function toFinding(told: JsonObject, { scanner, scanType }: About): ReportFinding {
  const kind = kindOf(told, scanType)
  const identifiers = readIdentifiers(told)
  const rule = ruleOf(identifiers)
  const name = readText(told['name'])
  const description = readText(told['description'])
  const text = readText(told['message']) ?? name ?? description ?? rule?.name ?? ''
  const input: FindingInput = {
    kind: 'code',
    scanner,
    ruleId: rule?.value ?? name ?? '',
    title: name ?? text,
    message: text,
    description: describe(told),
    ...rateFinding({
      word: told['severity'],
      vectors: readList(told['cvss_vectors']).map((one) => readObject(one)['vector']),
    }),
    // Some analyzers write the number into the name alone.
    cwes: readCwes(identifiers.filter(({ type }) => type === 'cwe').flatMap(({ value, name }) => [value, name])),
    helpUri: rule?.url ?? firstLink(told),
  }
  return makeFinding({ ...input, ...placeOf(kind, told, identifiers) })
}

/** What differs from one kind of scan to the other: where it is, and what it is known by. */
function placeOf(kind: GitlabKind, told: JsonObject, identifiers: readonly Identifier[]): Partial<ReportFinding> {
  const location = readObject(told['location'])
  switch (kind) {
    case 'dependency':
    case 'container':
      return dependencyOf(kind, told, identifiers)
    case 'web':
      return { kind: 'web', endpoint: endpointOf(location) }
    case 'fuzzing':
      return {
        ...linesOf(told),
        path: readText(location['file']) ?? null,
        snippet: readText(location['crash_state']) ?? readText(location['stacktrace_snippet']) ?? null,
      }
    case 'secret':
      return {
        kind: 'secret',
        ...linesOf(told),
        secret: readSecret(told['raw_source_code_extract']),
        fingerprint: fingerprintOf(told),
      }
    case 'sast':
      return {
        kind: identifiers.some(({ type }) => type.startsWith('kics')) ? 'configuration' : 'code',
        ...linesOf(told),
        snippet: readText(told['raw_source_code_extract']) ?? null,
        fingerprint: fingerprintOf(told),
      }
    default:
      return kind satisfies never
  }
}

/** The first version had file and line beside the name. */
function linesOf(told: JsonObject): Pick<ReportFinding, 'path' | 'startLine' | 'endLine'> {
  const location = readObject(told['location'])
  const startLine = lineOf(location['start_line']) ?? lineOf(told['line'])
  return {
    path: readText(location['file']) ?? readText(told['file']) ?? null,
    startLine,
    endLine: lineOf(location['end_line']) ?? startLine,
  }
}

function lineOf(value: unknown): number | null {
  const line = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : readWhole(value)
  return line === undefined || line === 0 ? null : line
}

function dependencyOf(
  kind: 'dependency' | 'container',
  told: JsonObject,
  identifiers: readonly Identifier[],
): Partial<ReportFinding> {
  const location = readObject(told['location'])
  const dependency = readObject(location['dependency'])
  const name = readText(readObject(dependency['package'])['name'])
  const system = readText(location['operating_system'])
  const image = readText(location['default_branch_image']) ?? readText(location['image'])
  const path = kind === 'container' ? imageWithoutTag(image ?? '') : readText(location['file'])
  const advisories = identifiers.filter(
    ({ value }) => /^[A-Z]{2,}[A-Z0-9]*-[\w:.-]+$/i.test(value) && !/^CWE-/i.test(value),
  )
  const ruleId =
    (advisories.find(({ value }) => /^(CVE|GHSA)-/i.test(value)) ?? advisories[0] ?? ruleOf(identifiers))?.value ?? ''
  const version = readText(dependency['version']) ?? null
  const ecosystem = ecosystemOf({ path: path ?? '', system, identifiers })
  const ref: PackageRef | null = name === undefined ? null : { ecosystem, name, version }
  const fixedIn = fixOf(readText(told['solution']) ?? '')
  return {
    kind: 'dependency',
    ruleId,
    aliases: aliasesOf(
      ruleId,
      advisories.map(({ value }) => value),
    ),
    path: path ?? null,
    package: ref,
    fixedIn,
    ...(ref === null ? {} : { message: describeDependency({ package: ref, fixedIn }) }),
  }
}

type Home = { path: string; system: string | undefined; identifiers: readonly Identifier[] }

/** GitLab does not name the ecosystem: the file does, or the system in the image. */
function ecosystemOf({ path, system, identifiers }: Home): string {
  const named = identifiers
    .find(({ type }) => type === 'gemnasium' || type === 'purl')
    ?.value.match(/^pkg:([a-z]+)\//)?.[1]
  if (named !== undefined) return spellEcosystem(named)
  // "debian:10", "alpine 3.12.0"
  if (system !== undefined) return spellEcosystem(system.trim().split(/[\s:]/, 1)[0] ?? '')
  return ecosystemOfFile(path) ?? 'generic'
}

function fixOf(solution: string): string | null {
  const found =
    /^Upgrade (?:\S{1,200} )?(?:from \S{1,100} )?to (?:versions? )?(\S.{0,200}?)(?: or (?:above|later))?\.?$/im.exec(
      solution,
    )
  return found?.[1] ?? null
}

function endpointOf(location: JsonObject): ReportFinding['endpoint'] {
  const host = (readText(location['hostname']) ?? '').replace(/\/$/, '')
  const path = readText(location['path']) ?? ''
  return toEndpoint(`${host}${path === '' || path.startsWith('/') ? '' : '/'}${path}`, {
    method: readText(location['method']) ?? '',
    parameter: readText(location['param']) ?? '',
  })
}

function describe(told: JsonObject): string {
  const solution = readText(told['solution'])
  const flags = readList(told['flags']).filter(isObject)
  const doubts = flags.flatMap((flag) => readText(flag['description']) ?? readText(flag['type']) ?? [])
  const parts = [readText(told['description']), solution === undefined ? undefined : `Solution: ${solution}`, ...doubts]
  return parts.filter((part) => part !== undefined).join('\n\n')
}

function firstLink(told: JsonObject): string | undefined {
  return readList(told['links']).flatMap((link) => readText(readObject(link)['url']) ?? [])[0]
}
