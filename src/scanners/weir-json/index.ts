import { countOf } from '../count-of.ts'
import { countOnce } from '../count-once.ts'
import { found, jsonFormat, refuse, skipped } from '../define-format.ts'
import { isObject, readList, readObject, readText } from '../json-fields.ts'
import type { JsonPath } from '../json-slicer.ts'
import { addFault, type OwnFaults, requireNoFaults } from '../own-faults.ts'
import { findField, type OwnField, ownTool, readOwnFinding } from '../own-findings.ts'
import type { ReportTool } from '../scanner.ts'

type Context = {
  /** What the report is of, where it says so. */
  tool: string | null
  version: string | null
  commit: string | null
  /** Tools that findings name themselves; '' for a finding that names none. */
  tools: Set<string>
  faults: OwnFaults
  unknown: Set<string>
}

const maxNames = 100

/** Findings that a program of your own wrote: docs/own-findings.md. */
export const weirJson = countOnce(
  jsonFormat<Context>({
    name: 'weir-json',
    title: 'Weir JSON',
    recognise: (head) => /^\s*\{/.test(head) && /"format"\s*:\s*"weir"/i.test(head),
    wish: (path) => {
      if (path.length === 0 || (path.length === 1 && path[0] === 'findings')) return 'enter'
      if (isFinding(path)) return 'take'
      return path.length === 1 ? 'take' : 'skip'
    },
    isResult: isFinding,
    newContext: () => ({
      tool: null,
      version: null,
      commit: null,
      tools: new Set(),
      faults: { count: 0, told: [] },
      unknown: new Set(),
    }),
    learn,
    check: ({ faults }) => requireNoFaults(faults),
    tools: listTools,
    commit: ({ commit }) => commit,
    unread: ({ unknown }) =>
      unknown.size === 0
        ? []
        : [`${countOf(unknown.size, 'field')} that Weir does not know: ${[...unknown].slice(0, 20).join(', ')}.`],
    read: (value, { tool }, path) => {
      const entry = readOwnFinding(readValues(value, undefined), tool ?? ownTool)
      return [entry.kind === 'finding' ? found(entry.finding) : skipped('unreadable', describe(path), entry.why)]
    },
  }),
)

function isFinding(path: JsonPath): boolean {
  return path[0] === 'findings' ? path.length === 2 : path.length === 1 && typeof path[0] === 'number'
}

function learn(context: Context, { path, value }: { path: JsonPath; value: unknown }): void {
  if (isFinding(path)) {
    const entry = readOwnFinding(readValues(value, context.unknown), '')
    if (entry.kind === 'fault') addFault(context.faults, describe(path), entry.why)
    else if (context.tools.size < maxNames) context.tools.add(entry.finding.scanner)
    return
  }
  if (path[0] === 'tool') {
    context.tool = readText(value) ?? readText(readObject(value)['name']) ?? null
    context.version = readText(readObject(value)['version']) ?? null
  } else if (path[0] === 'commit') context.commit = readText(value) ?? null
  else if (path[0] === 'version' && String(value) !== '1')
    refuse('Weir JSON', `its version is ${JSON.stringify(value)?.slice(0, 20)}; this Weir reads version 1`)
}

/** Only tools that are meant: what is listed closes what it does not find any more. */
function listTools({ tool, tools, version }: Context): ReportTool[] {
  const isMeant = tool !== null || tools.has('') || tools.size === 0
  const others = [...tools].filter((name) => name !== '' && name !== tool)
  return [
    ...(isMeant ? [{ name: tool ?? ownTool, version, problem: null }] : []),
    ...others.map((name) => ({ name, version: null, problem: null })),
  ]
}

function describe(path: JsonPath): string {
  return `finding ${Number(path.at(-1)) + 1}`
}

/** Fields may be grouped: `"location": {"file": …}` is `file`, and a package that is an object has a name. */
function readValues(value: unknown, unknown: Set<string> | undefined): Map<OwnField, string> {
  const values = new Map<OwnField, string>()
  const add = (name: string, told: unknown): void => {
    const field = findField(name)
    const text = toText(told)
    if (field !== undefined && text !== '' && !values.has(field)) values.set(field, text)
    else if (field === undefined && unknown !== undefined && unknown.size < maxNames) unknown.add(name.slice(0, 50))
  }
  for (const [name, told] of Object.entries(readObject(value))) {
    if (!isObject(told)) add(name, told)
    else
      for (const [inner, one] of Object.entries(told))
        add(/^(package|tool)$/i.test(name) && inner === 'name' ? name : inner, one)
  }
  return values
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number') return String(value)
  if (value === true) return 'yes'
  return readList(value)
    .map(toText)
    .filter((text) => text !== '')
    .join(' ')
}
