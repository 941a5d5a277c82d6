import { countOnce } from '../count-once.ts'
import { jsonFormat, refuse, skipped } from '../define-format.ts'
import { foundDependency } from '../found-dependency.ts'
import { readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { type KnownWays, noteWay } from '../known-ways.ts'
import type { ReportResult } from '../scanner.ts'
import { readAdvisory, readAdvisoryLine } from './advisory.ts'
import { readBerryLine } from './berry.ts'
import { type Entry, keyOf, toFinding } from './entry.ts'
import { readVulnerability } from './vulnerability.ts'

type Context = {
  ways: KnownWays
  /** Of Yarn 4: the package of each line. */
  names: Map<number | string, string>
  /** The kinds of lines of Yarn 1. */
  lines: Set<string>
  isYarn: boolean
  isReport: boolean
  /** Why there is no report, in the words of the tool. */
  error: string | null
  errorLine: string | number | null
}

const format = jsonFormat<Context>({
  name: 'npm-audit',
  title: 'npm audit',
  documents: 'many',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    (/"auditReportVersion"\s*:/.test(head) ||
      (/"advisories"\s*:\s*\{/.test(head) && /"(actions|muted|metadata|module_name)"\s*:/.test(head)) ||
      /"type"\s*:\s*"audit(Advisory|Summary|Action)"/.test(head) ||
      /^\s*\{\s*"value"\s*:\s*"[^"]{1,300}"\s*,\s*"children"\s*:\s*\{\s*"(ID|Issue)"\s*:/.test(head) ||
      (/^\s*\{\s*"type"\s*:\s*"(warning|info|error)"\s*,\s*"data"\s*:\s*"/.test(head) &&
        /"type"\s*:\s*"error"/.test(head)) ||
      /"error"\s*:\s*\{\s*"code"\s*:\s*"E(NOLOCK|AUDIT|NOAUDIT)/.test(head)),
  wish,
  isResult,
  newContext: () => ({
    ways: new Map(),
    names: new Map(),
    lines: new Set(),
    isYarn: false,
    isReport: false,
    error: null,
    errorLine: null,
  }),
  learn: (context, { path, value }) => {
    learnField(context, path, value)
    if (!isResult(path)) return
    for (const entry of readEntries(value, path, context))
      if (entry.kind === 'entry') for (const way of entry.ways) noteWay(context.ways, keyOf(entry), way)
  },
  check: ({ isReport, error }) => {
    if (!isReport && error !== null) refuse('npm audit', `the audit failed with "${error.slice(0, 300)}"`)
    if (!isReport) refuse('npm audit', 'it has neither "vulnerabilities" nor "advisories"')
  },
  tools: ({ isYarn, lines }) => [{ name: nameOf(isYarn), version: null, problem: findProblem(lines) }],
  read: (value, context, path) => readEntries(value, path, context).map((entry) => toResult(entry, context)),
})

/**
 * What `npm audit --json` writes (https://docs.npmjs.com/cli/commands/npm-audit#audit-endpoints), by advisory up to npm 6 and
 * by package since npm 7; `pnpm audit --json` is like npm 6, `yarn audit --json` writes a line for each way to a package, and
 * `yarn npm audit --json` since Yarn 4 one for each package.
 */
export const npmAudit = countOnce(format)

function wish([, field, ...rest]: JsonPath): Wish {
  switch (field) {
    case undefined:
      return 'enter'
    case 'advisories':
    case 'vulnerabilities':
      return rest.length === 0 ? 'enter' : 'take'
    // Of a line of Yarn.
    case 'data':
    case 'children':
    case 'value':
    case 'type':
    case 'auditReportVersion':
    case 'metadata':
    case 'muted':
    case 'error':
      return 'take'
    default:
      return 'skip'
  }
}

function isResult(path: JsonPath): boolean {
  const [, field] = path
  if (field === 'advisories' || field === 'vulnerabilities') return path.length === 3
  return path.length === 2 && (field === 'data' || field === 'children')
}

function learnField(context: Context, path: JsonPath, value: unknown): void {
  const [line = 0, field] = path
  const text = readText(value)
  switch (field) {
    case 'error': {
      const { summary, code } = readObject(value)
      context.error = readText(summary) ?? readText(code) ?? text ?? null
      return
    }
    case 'value':
      if (text !== undefined) context.names.set(line, text)
      return
    case 'type':
      if (text === undefined) return
      context.isYarn = true
      context.isReport ||= text.startsWith('audit')
      context.lines.add(text)
      if (text === 'error') context.errorLine = line
      return
    case 'data':
      if (line === context.errorLine) context.error = text ?? null
      return
    default:
      context.isReport = true
      if (field === 'children') context.isYarn = true
  }
}

/** Yarn 1 ends with a summary. */
function findProblem(lines: ReadonlySet<string>): string | null {
  if (lines.has('error')) return 'Yarn reported an error'
  return lines.size > 0 && !lines.has('auditSummary') ? "Yarn's summary is missing: the report is not whole" : null
}

/** The entries of one part of any of the shapes. */
function readEntries(value: unknown, [line = 0, field]: JsonPath, { names }: Context): Entry[] {
  switch (field) {
    case 'advisories':
      return readAdvisory(value)
    case 'vulnerabilities':
      return readVulnerability(value)
    case 'children':
      return readBerryLine(value, names.get(line) ?? '')
    default:
      return readAdvisoryLine(value)
  }
}

function toResult(entry: Entry, { ways, isYarn }: Context): ReportResult {
  return entry.kind === 'left'
    ? skipped(entry.step, entry.label, entry.detail)
    : foundDependency(toFinding(entry, ways, nameOf(isYarn)))
}

function nameOf(isYarn: boolean): string {
  return isYarn ? 'Yarn audit' : 'npm audit'
}
