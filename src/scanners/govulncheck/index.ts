import { found, type JsonFormat, jsonFormat, refuse, skipped } from '../define-format.ts'
import { readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { listOrLines } from '../list-or-lines.ts'
import type { ReportResult } from '../scanner.ts'
import { type Advisory, readAdvisory } from './advisory.ts'
import { type Entry, readEntries } from './entry.ts'
import { type Known, noteEntry, toFinding } from './to-finding.ts'

type Context = Known & { version: string | null; isReport: boolean; advisories: Map<string, Advisory> }

const format: JsonFormat<Context> = {
  name: 'govulncheck',
  title: 'govulncheck',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    (isStream(head) ||
      /"vulnerability"\s*:\s*\{\s*"osv"\s*:\s*\{/.test(head) ||
      /^\s*\{\s*"(Calls|Imports|Requires)"\s*:\s*(\{\s*"(Functions|Packages|Modules|Entries)"|null)/.test(head) ||
      /"Vulns"\s*:\s*(\[\s*\{\s*"OSV"|null)/.test(head)),
  wish,
  isResult,
  newContext: () => ({
    version: null,
    isReport: false,
    advisories: new Map(),
    modules: new Map(),
    best: new Map(),
    isBinary: false,
    seesCalls: true,
  }),
  learn: (context, { path, value, at }) => {
    learnField(context, path, value)
    if (!isResult(path)) return
    for (const [index, entry] of readEntries(value, context.modules).entries()) {
      if (entry.advisory !== null) context.advisories.set(entry.osv, entry.advisory)
      noteEntry(context, entry, `${at}:${index}`)
    }
  },
  check: ({ isReport }) => {
    if (!isReport) refuse('govulncheck', 'it has neither "config" nor "Vulns"')
  },
  tools: ({ version }) => [{ name: 'govulncheck', version, problem: null }],
  read: (value, context, _path, at) =>
    readEntries(value, context.modules).map((entry, index) => toResult(entry, context, `${at}:${index}`)),
}

/**
 * govulncheck's JSON (`govulncheck -format json`): https://pkg.go.dev/golang.org/x/vuln/internal/govulncheck, documents one
 * after the other. It tells of an advisory once for the module, again for each package, again for each vulnerable symbol
 * with the calls to it: one finding, called or not. Before 1.0: documents with a `vulnerability`, or one with `Vulns`.
 */
export const govulncheck = listOrLines(
  jsonFormat({ ...format, documents: 'one', recognise: (head) => /^\s*\[\s*\{/.test(head) && isStream(head) }),
  jsonFormat({ ...format, documents: 'many' }),
)

/** It begins with its configuration. */
function isStream(head: string): boolean {
  return (
    /^\s*\[?\s*\{\s*"config"\s*:\s*\{/.test(head) && /"(scanner_name"\s*:\s*"govulncheck|protocol_version)"/.test(head)
  )
}

function wish([, field, part, ...rest]: JsonPath): Wish {
  switch (field) {
    case undefined:
      return 'enter'
    case 'config':
    case 'osv':
    case 'finding':
    case 'vulnerability':
      return 'take'
    case 'Vulns':
      return part === undefined ? 'enter' : 'take'
    case 'Requires':
      if (part === undefined) return 'enter'
      return part === 'Modules' ? (rest.length === 0 ? 'enter' : 'take') : 'skip'
    default:
      return 'skip'
  }
}

function isResult(path: JsonPath): boolean {
  const [, field] = path
  if (field === 'Vulns') return path.length === 3
  return path.length === 2 && (field === 'finding' || field === 'vulnerability')
}

function learnField(context: Context, path: JsonPath, value: unknown): void {
  const [, field, part, id] = path
  if (field === 'config' || field === 'Vulns' || field === 'vulnerability') context.isReport = true
  if (field === 'config') {
    const { scanner_version: version, scan_level: level, scan_mode: mode } = readObject(value)
    context.version ??= readText(version) ?? null
    context.seesCalls = level !== 'module' && level !== 'package'
    context.isBinary = mode === 'binary'
  }
  if (field === 'osv') {
    const advisory = readAdvisory(value)
    context.advisories.set(advisory.id, advisory)
  }
  if (field === 'Requires' && part === 'Modules' && id !== undefined)
    context.modules.set(String(id), readText(readObject(value)['Version']) ?? null)
}

function toResult(entry: Entry, context: Context, id: string): ReportResult {
  const best = context.best.get(`${entry.osv}\n${entry.module}`)
  if (best !== undefined && best.id !== id)
    return skipped('repeated', `${entry.osv} in ${entry.module}`, 'told of for another package or call as well')
  return found(toFinding(entry, context, context.advisories.get(entry.osv)))
}
