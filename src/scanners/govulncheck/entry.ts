import { isObject, type JsonObject, readList, readNumber, readObject, readText } from '../json-fields.ts'
import { readLine } from '../read-line.ts'
import type { Place } from '../scanner.ts'
import { type Advisory, readAdvisory } from './advisory.ts'

/** How near the vulnerable code is: the module is required, its package imported, its symbol called. */
export type Reach = 'required' | 'imported' | 'called'

/** One telling of an advisory for a module. */
export type Entry = {
  osv: string
  module: string
  version: string | null
  fixedIn: string | null
  reach: Reach
  /** The vulnerable symbol or package, for people. */
  symbol: string
  /** From the own code to the vulnerable symbol. */
  flow: Place[]
  /** Reports of before 1.0 carry the advisory along. */
  advisory: Advisory | null
}

/** The entries of a `finding`, a `vulnerability` or an element of `Vulns`; `modules` are the versions by number of the latter. */
export function readEntries(value: unknown, modules: ReadonlyMap<string, string | null>): Entry[] {
  const part = readObject(value)
  if (isObject(part['OSV'])) return [readSink(part, modules)]
  if (isObject(part['osv'])) return readList(part['modules']).map((module) => readModule(module, part['osv']))
  return [readFinding(part)]
}

function readFinding(finding: JsonObject): Entry {
  const trace = readList(finding['trace']).map(readObject)
  const top = trace[0] ?? {}
  const module = readText(top['module']) ?? ''
  return {
    osv: readText(finding['osv']) ?? '',
    module,
    version: readText(top['version']) ?? null,
    fixedIn: readText(finding['fixed_version']) ?? null,
    reach: top['function'] !== undefined ? 'called' : top['package'] !== undefined ? 'imported' : 'required',
    symbol: nameFrame(top),
    flow: trace.toReversed().flatMap(toPlace),
    advisory: null,
  }
}

function readModule(value: unknown, osv: unknown): Entry {
  const { path, found_version: version, fixed_version: fixedIn, packages } = readObject(value)
  const all = readList(packages).map(readObject)
  const stacks = all.flatMap((one) => readList(one['callstacks'])).map(readObject)
  const [stack] = stacks
  const advisory = readAdvisory(osv)
  return {
    osv: advisory.id,
    module: readText(path) ?? '',
    version: readText(version) ?? null,
    fixedIn: readText(fixedIn) ?? null,
    reach: stack !== undefined ? 'called' : all.length > 0 ? 'imported' : 'required',
    symbol: readText(stack?.['symbol']) ?? readText(all[0]?.['path']) ?? '',
    flow: readList(stack?.['frames']).map(readObject).flatMap(toPlace),
    advisory,
  }
}

function readSink(part: JsonObject, modules: ReadonlyMap<string, string | null>): Entry {
  const { Symbol: symbol, PkgPath: path, ModPath: module } = part
  const isReached = (sink: string): boolean => (readNumber(part[sink]) ?? 0) > 0
  const advisory = readAdvisory(part['OSV'])
  return {
    osv: advisory.id,
    module: readText(module) ?? '',
    version: modules.get(String(part['RequireSink'])) ?? null,
    fixedIn: null,
    reach: isReached('CallSink') ? 'called' : isReached('ImportSink') ? 'imported' : 'required',
    symbol: [readText(path), readText(symbol)].filter((one) => one !== undefined).join('.'),
    flow: [],
    advisory,
  }
}

/** `net/http.Server.Serve` */
function nameFrame(frame: JsonObject): string {
  const receiver = readText(frame['receiver'])?.replace(/^\*/, '')
  return [frame['package'], receiver, frame['function']].flatMap((part) => readText(part) ?? []).join('.')
}

/** Paths of frames are relative to their module; only the module that was scanned has no version. */
function toPlace(frame: JsonObject): Place[] {
  const position = readObject(frame['position'])
  const file = readText(position['filename'])
  if (file === undefined) return []
  const version = readText(frame['version'])
  const module = readText(frame['module'])
  const path = version === undefined || module === undefined ? file : `${module}@${version}/${file}`
  return [{ path, line: readLine(position['line']) ?? 1, message: nameFrame(frame) || null }]
}
