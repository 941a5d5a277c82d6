import { type JsonFormat, jsonFormat, refuse, skipped } from '../define-format.ts'
import { isObject, readText } from '../json-fields.ts'
import { listOrLines } from '../list-or-lines.ts'
import { addEntry, findMain, type Problems } from '../same-problem.ts'
import type { ReportResult } from '../scanner.ts'
import { type Leak, toFinding } from './leak.ts'
import { readVersion2 } from './version-2.ts'
import { readVersion3 } from './version-3.ts'
import { readVersion3OfPython } from './version-3-of-python.ts'

type Context = { problems: Problems; logLines: number; failures: number; read: number; unreadable: number }

/**
 * TruffleHog's JSON (`--json`), version 3 (https://github.com/trufflesecurity/trufflehog#readme, and that in Python) and 2
 * (https://pypi.org/project/truffleHog/2.2.1/): one object a line, or a list of them.
 *
 * The same secret in the same file is one finding, however many commits, lines or encodings it was seen in.
 */
const base: Omit<JsonFormat<Context>, 'wish' | 'isResult' | 'documents'> = {
  name: 'trufflehog',
  title: 'TruffleHog',
  recognise: (head) =>
    /^\s*[[{]/.test(head) &&
    (/"SourceMetadata"\s*:/.test(head) ||
      (/"DetectorName"\s*:/.test(head) && /"Verified"\s*:/.test(head)) ||
      (/"stringsFound"\s*:/.test(head) && /"(printDiff|reason|commitHash)"\s*:/.test(head)) ||
      (/"rule"\s*:\s*\{\s*"(id|message|severity)"\s*:/.test(head) &&
        /"secret"\s*:\s*"/.test(head) &&
        /"context"\s*:\s*\{/.test(head))),
  newContext: () => ({ problems: new Map(), logLines: 0, failures: 0, read: 0, unreadable: 0 }),
  learn: (context, { value, at }) => {
    const isRead = isLog(value) || readLeaks(value).length > 0
    context[isRead ? 'read' : 'unreadable'] += 1
    for (const [index, leak] of readLeaks(value).entries())
      addEntry(context.problems, { key: keyOf(leak), id: `${at}.${index}`, severity: leak.severity, place: leak.place })
    if (!isLog(value)) return
    context.logLines += 1
    if (/^(error|fatal|panic)/i.test(readText(value['level']) ?? '')) context.failures += 1
  },
  check: ({ read, unreadable }) => {
    if (read === 0 && unreadable > 0) refuse('TruffleHog', 'no entry in it names a detector or a reason')
  },
  tools: ({ failures, unreadable }) => [
    { name: 'TruffleHog', version: null, problem: findProblem(failures, unreadable) },
  ],
  unread: ({ logLines }) =>
    logLines === 0 ? [] : [`${logLines} lines of TruffleHog's log, which stand between its results.`],
  read: (value, { problems }, _, at) => {
    if (isLog(value)) return []
    const leaks = readLeaks(value)
    if (leaks.length === 0) return [skipped('unreadable', `Entry at byte ${at}`, 'without detector and reason')]
    return leaks.map((leak, index) => toResult(leak, problems, `${at}.${index}`))
  },
}

export const trufflehog = listOrLines(
  jsonFormat({
    ...base,
    wish: (path) => (path.length === 0 ? 'enter' : 'take'),
    isResult: (path) => path.length === 1,
  }),
  jsonFormat({ ...base, documents: 'many', wish: () => 'take', isResult: (path) => path.length === 1 }),
)

/** What is logged lands between the results when both outputs go into one file. */
function isLog(value: unknown): value is { [key: string]: unknown } {
  return isObject(value) && value['SourceMetadata'] === undefined && 'level' in value && 'msg' in value
}

function findProblem(failures: number, unreadable: number): string | null {
  if (failures > 0) return 'TruffleHog wrote errors between its results'
  return unreadable > 0 ? 'some of its entries cannot be read' : null
}

function readLeaks(value: unknown): Leak[] {
  if (!isObject(value)) return []
  if (isObject(value['rule'])) return readVersion3OfPython(value)
  return Array.isArray(value['stringsFound']) ? readVersion2(value) : readVersion3(value)
}

function keyOf({ detector, path, secret, hint, place }: Leak): string[] {
  return secret === null
    ? [detector, path ?? '', 'at', String(place?.line), hint]
    : [detector, path ?? '', 'secret', secret]
}

function toResult(leak: Leak, problems: Problems, id: string): ReportResult {
  const main = findMain(problems, { key: keyOf(leak), id })
  if (main !== null) return { kind: 'finding', finding: toFinding(leak, main.others) }
  const where = leak.path === null ? leak.detector : `${leak.detector} in ${leak.path}`
  return skipped('repeated', where, 'the same secret in the same file, in another commit, line or encoding')
}
