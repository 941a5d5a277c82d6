import { findAdvisoryNames } from '../../domain/advisory-names.ts'
import { aliasesOf } from '../advisory-aliases.ts'
import { countOf } from '../count-of.ts'
import { countOnce } from '../count-once.ts'
import { found, jsonFormat, skipped } from '../define-format.ts'
import { describeDependency } from '../describe-dependency.ts'
import { isObject, type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import type { ReportFinding, ReportResult, Scanner } from '../scanner.ts'

type Context = {
  version: string | null
  errors: number
  clean: number
  /** File names, by where they stand: results may come before the name of their file. */
  files: Map<string, string>
}

/**
 * Retire.js: an object with `data` since version 2, the bare list before and as `jsonsimple`. Retire.js has no ids of its own
 * for most of what it knows. https://github.com/RetireJS/retire.js/tree/master/node
 */
export const retireJs: Scanner = countOnce(
  jsonFormat<Context>({
    name: 'retire-js',
    title: 'Retire.js',
    recognise,
    wish,
    isResult: (path) => isResultAt(inData(path)),
    newContext: () => ({ version: null, errors: 0, clean: 0, files: new Map() }),
    learn: (context, { path, value }) => {
      const place = inData(path)
      if (place[1] === 'file') context.files.set(String(place[0]), readText(value) ?? '')
      else if (isResultAt(place)) context.clean += vulnerabilitiesOf(readObject(value)).length === 0 ? 1 : 0
      else if (path[0] === 'errors' && path.length === 2) context.errors += 1
      else if (path[0] === 'version') context.version = readText(value) ?? null
    },
    tools: ({ version, errors }) => [
      { name: 'Retire.js', version, problem: errors === 0 ? null : 'Retire.js met errors while it looked' },
    ],
    unread: ({ errors, clean }) => [
      ...(errors === 0 ? [] : [`${countOf(errors, 'error')} while Retire.js looked.`]),
      ...(clean === 0 ? [] : [`${countOf(clean, 'component')} without a known vulnerability.`]),
    ],
    read: (value, { files }, path) => readLibrary(readObject(value), files.get(String(inData(path)[0])) ?? null),
  }),
)

function recognise(head: string): boolean {
  const isNew =
    /^\s*\{/.test(head) && /"data"\s*:\s*\[/.test(head) && /"start"\s*:/.test(head) && /"errors"\s*:/.test(head)
  const hasLibrary =
    /"results"\s*:\s*\[/.test(head) && /"component"\s*:\s*"/.test(head) && /"version"\s*:\s*"/.test(head)
  const isLibrary = hasLibrary && (/"detection"\s*:\s*"/.test(head) || /"below"\s*:\s*"/.test(head))
  const isOpen = /^\s*\{/.test(head) && /"data"\s*:\s*\[/.test(head)
  return isNew || (isLibrary && (isOpen || /^\s*\[\s*\{/.test(head)))
}

/** The path below the list of files. */
function inData(path: JsonPath): JsonPath {
  return path[0] === 'data' ? path.slice(1) : typeof path[0] === 'number' ? path : []
}

function isResultAt(place: JsonPath): boolean {
  return place.length === 3 && place[1] === 'results'
}

function wish(path: JsonPath): Wish {
  if (path.length === 0) return 'enter'
  const [top] = path
  if (top === 'version') return 'take'
  if (top === 'errors') return path.length === 1 ? 'enter' : 'take'
  if (top !== 'data' && typeof top !== 'number') return 'skip'
  const [, field, index] = inData(path)
  if (field === undefined || (field === 'results' && index === undefined)) return 'enter'
  return field === 'results' || field === 'file' ? 'take' : 'skip'
}

function vulnerabilitiesOf(library: JsonObject): JsonObject[] {
  return readList(library['vulnerabilities']).filter(isObject)
}

function readLibrary(library: JsonObject, file: string | null): ReportResult[] {
  const name = readText(library['component']) ?? readText(library['npmname'])
  const vulnerabilities = vulnerabilitiesOf(library)
  if (name === undefined)
    return vulnerabilities.map(() =>
      skipped('without_library', file ?? 'A result', 'does not say which library it found'),
    )
  return vulnerabilities.map((told) => found(toFinding(told, { library, name, file })))
}

type About = { library: JsonObject; name: string; file: string | null }

function toFinding(told: JsonObject, { library, name, file }: About): ReportFinding {
  const identifiers = readObject(told['identifiers'])
  const names = advisoryNames(identifiers)
  const info = readInfo(told['info'])
  const below = readText(told['below'])
  const atOrAbove = readText(told['atOrAbove'])
  const summary = readText(identifiers['summary']) ?? readText(identifiers['advisory'])
  // A library with a page of its own in the registry of npm has that name there.
  const ref = {
    ecosystem: 'npm',
    name: readText(library['npmname']) ?? name,
    version: readText(library['version']) ?? null,
  }
  const range = [atOrAbove === undefined ? '' : `>= ${atOrAbove}`, below === undefined ? '' : `< ${below}`]
  const affected = range.filter((part) => part !== '').join(', ')
  const ruleId = names[0] ?? ownName(identifiers, { summary, below, info })
  return makeFinding({
    kind: 'dependency',
    scanner: 'Retire.js',
    ruleId,
    title: summary ?? `${name} ${ref.version ?? ''} has a known vulnerability`,
    message: describeDependency({ package: ref, affected: affected === '' ? undefined : affected, fixedIn: below }),
    description: [summary, ...info.map((url) => `- ${url}`)].filter((part) => part !== undefined).join('\n'),
    ...rateFinding({ word: told['severity'] }),
    cwes: readCwes(told['cwe']),
    aliases: names.length === 0 ? [] : aliasesOf(ruleId, names),
    path: file,
    package: ref,
    fixedIn: below,
    helpUri: info.find((url) => url.includes(ruleId)) ?? info[0],
  })
}

/** A CVE may be a text or a list; GitHub's advisories are called githubID. */
function advisoryNames(identifiers: JsonObject): string[] {
  const told = ['CVE', 'cve', 'githubID', 'GHSA', 'osvdb'].flatMap((key) => {
    const value = identifiers[key]
    return (Array.isArray(value) ? readList(value) : [value]).flatMap((one) => readText(one) ?? [])
  })
  return told.flatMap(findAdvisoryNames)
}

/** What no database has a name for is known by what it is, and by the version it was mended in: one summary stands for many. */
function ownName(
  identifiers: JsonObject,
  { summary, below, info }: { summary: string | undefined; below: string | undefined; info: readonly string[] },
): string {
  const own = readText(identifiers['retid'])
  if (own !== undefined) return `retid-${own}`
  const what = summary ?? readText(identifiers['issue']) ?? readText(identifiers['bug']) ?? info[0] ?? ''
  return below === undefined ? what : `${what} (below ${below})`
}

function readInfo(info: unknown): string[] {
  return (Array.isArray(info) ? readList(info) : [info]).flatMap((one) => readText(one) ?? [])
}
