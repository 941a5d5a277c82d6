import { countOf } from '../count-of.ts'
import { countOnce } from '../count-once.ts'
import { found, jsonFormat, skipped } from '../define-format.ts'
import { isObject, type JsonObject, readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import type { ReportTool, Scanner } from '../scanner.ts'
import { toFinding } from './finding.ts'

type Context = {
  /** The scanner that the whole report is of; older reports name one with each result. */
  scanner: string | null
  version: string | null
  named: Set<string>
  scanType: string | null
  failure: string | null
  isDifferential: boolean
  remediations: number
  dependencyFiles: number
}

/** A result has one of these at least. */
const telling = ['name', 'message', 'identifiers', 'cve', 'location']

/**
 * GitLab's security reports, versions 1 (a bare list) to 15: SAST, DAST, secret detection, dependency and container scanning,
 * fuzzing. https://gitlab.com/gitlab-org/security-products/security-report-schemas
 */
export const gitlab: Scanner = countOnce(
  jsonFormat<Context>({
    name: 'gitlab',
    title: 'GitLab security report',
    recognise,
    wish,
    isResult,
    newContext: () => ({
      scanner: null,
      version: null,
      named: new Set(),
      scanType: null,
      failure: null,
      isDifferential: false,
      remediations: 0,
      dependencyFiles: 0,
    }),
    learn: (context, { path, value }) => {
      if (isResult(path)) {
        const name = ownScanner(readObject(value))
        if (name !== undefined) context.named.add(name)
      } else if (path[0] === 'scan') learnScan(context, path, value)
      else if (path[0] === 'remediations' && isObject(value)) context.remediations += 1
      else if (path[0] === 'dependency_files' && isObject(value)) context.dependencyFiles += 1
    },
    tools,
    partial: ({ isDifferential }) => (isDifferential ? 'GitLab scanned the changed files only' : undefined),
    unread: ({ remediations, dependencyFiles }) => [
      ...(remediations === 0 ? [] : [`${countOf(remediations, 'remediation')}: a patch that would mend something.`]),
      ...(dependencyFiles === 0 ? [] : [`${countOf(dependencyFiles, 'list')} of the dependencies of a file.`]),
    ],
    read: (value, context, path) => {
      const told = readObject(value)
      if (!telling.some((field) => told[field] !== undefined))
        return [skipped('unreadable', `Entry ${Number(path.at(-1)) + 1}`, 'without name, identifiers and place')]
      return [
        found(
          toFinding(told, { scanner: context.scanner ?? ownScanner(told) ?? 'GitLab', scanType: context.scanType }),
        ),
      ]
    },
  }),
)

function recognise(head: string): boolean {
  if (/"(?:bomFormat|csaf_version)"\s*:/.test(head)) return false
  const isObjectOfResults = /^\s*\{/.test(head) && /"vulnerabilities"\s*:\s*\[/.test(head)
  const hasIdentifiers = /"identifiers"\s*:\s*\[/.test(head)
  const isOfScan = /"scan"\s*:\s*\{/.test(head) && /"scanner"\s*:\s*\{/.test(head)
  const isOfSchema = /"schema"\s*:\s*"[^"]{0,300}security-report-schemas/.test(head)
  if (isObjectOfResults)
    return (
      isOfScan ||
      isOfSchema ||
      /"remediations"\s*:\s*\[/.test(head) ||
      (hasIdentifiers && /"location"\s*:\s*\{/.test(head))
    )
  if (/^\s*\{/.test(head)) return isOfSchema || (isOfScan && /"analyzer"\s*:\s*\{/.test(head))
  return (
    /^\s*\[\s*\{/.test(head) && hasIdentifiers && /"cve"\s*:/.test(head) && /"(scanner|tool|category)"\s*:/.test(head)
  )
}

function isResult(path: JsonPath): boolean {
  return path[0] === 'vulnerabilities' ? path.length === 2 : path.length === 1 && typeof path[0] === 'number'
}

function wish(path: JsonPath): Wish {
  const [top, second] = path
  if (path.length === 0) return 'enter'
  if (typeof top === 'number') return 'take'
  if (top === 'vulnerabilities' || top === 'remediations' || top === 'dependency_files')
    return path.length === 1 ? 'enter' : 'take'
  if (top !== 'scan') return 'skip'
  if (path.length === 1 || (path.length === 2 && second === 'messages')) return 'enter'
  return ['scanner', 'type', 'status', 'messages', 'partial_scan'].includes(String(second)) ? 'take' : 'skip'
}

function learnScan(context: Context, [, field]: JsonPath, value: unknown): void {
  if (field === 'scanner') {
    context.scanner = nameOf(readObject(value)) ?? null
    context.version = readText(readObject(value)['version']) ?? null
  } else if (field === 'type') context.scanType = readText(value) ?? null
  // Diff-based scanning of merge requests: https://gitlab.com/gitlab-org/gitlab/-/issues/540585
  else if (field === 'partial_scan') context.isDifferential = readObject(value)['mode'] === 'differential'
  else if (field === 'status') {
    if (value === 'failure') context.failure ??= 'the scan failed'
  } else if (field === 'messages' && readText(readObject(value)['level']) === 'fatal')
    context.failure ??= 'the scan met a fatal error'
}

function tools({ scanner, version, named, failure }: Context): ReportTool[] {
  const names = scanner === null ? [...named] : [scanner]
  return (names.length === 0 ? ['GitLab'] : names).map((name) => ({ name, version, problem: failure }))
}

/** Until version 14 each result says who found it, at first as a mere word. */
function ownScanner(told: JsonObject): string | undefined {
  return nameOf(readObject(told['scanner'])) ?? readText(told['tool'])
}

function nameOf(scanner: JsonObject): string | undefined {
  return readText(scanner['name']) ?? readText(scanner['id'])
}
