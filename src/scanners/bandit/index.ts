import { found, jsonFormat } from '../define-format.ts'
import { readObject, readText, readWhole } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { makeFinding } from '../make-finding.ts'
import { lineOfNumberedCode } from '../numbered-code.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import type { ReportFinding, ReportTool } from '../scanner.ts'

type Context = { failedFiles: number; version: string | null }

/** Bandit's JSON (`bandit -f json`): https://bandit.readthedocs.io/en/latest/formatters/json.html */
export const bandit = jsonFormat<Context>({
  name: 'bandit',
  title: 'Bandit',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    (/"issue_confidence"\s*:/.test(head) || /"CONFIDENCE\.(HIGH|LOW|MEDIUM|UNDEFINED)"\s*:/.test(head)),
  wish,
  isResult: ([top]) => top === 'results',
  newContext: () => ({ failedFiles: 0, version: null }),
  learn: (context, { path: [top], value }) => {
    if (top === 'errors') context.failedFiles += 1
    else context.version ??= readVersion(value)
  },
  tools,
  unread: ({ failedFiles }) =>
    failedFiles === 0 ? [] : [`${failedFiles} files that Bandit could not read, so it says nothing about them.`],
  read: (value) => [found(toFinding(value))],
})

function wish(path: JsonPath): Wish {
  if (path.length === 0) return 'enter'
  const [top] = path
  if (top !== 'results' && top !== 'errors') return 'skip'
  return path.length === 1 ? 'enter' : 'take'
}

function tools({ version, failedFiles }: Context): ReportTool[] {
  const problem = failedFiles === 0 ? null : 'Bandit could not read some of the files'
  return [{ name: 'Bandit', version, problem }]
}

/** The link to a rule's page names the version since 1.7.3; the report itself does not. */
function readVersion(value: unknown): string | null {
  return /\/en\/(\d+(?:\.\d+)+)\//.exec(readText(readObject(value)['more_info']) ?? '')?.[1] ?? null
}

function toFinding(value: unknown): ReportFinding {
  const result = readObject(value)
  const startLine = readWhole(result['line_number']) ?? null
  const range = Array.isArray(result['line_range']) ? result['line_range'].flatMap((line) => readWhole(line) ?? []) : []
  const text = readText(result['issue_text']) ?? ''
  const id = readText(result['test_id']) ?? ''
  const column = readWhole(result['col_offset'])
  return makeFinding({
    kind: 'code',
    scanner: 'Bandit',
    ruleId: id,
    title: text,
    message: text,
    ...rateFinding({ word: result['issue_severity'] }),
    cwes: readCwes(result['issue_cwe']),
    tags: [readText(result['test_name']) ?? ''],
    path: readText(result['filename']),
    startLine,
    endLine: range.at(-1) ?? startLine,
    startColumn: column === undefined ? null : column + 1,
    snippet: startLine === null ? null : lineOfNumberedCode(readText(result['code']) ?? '', startLine),
    helpUri: readText(result['more_info']),
  })
}
