import { countOf } from '../count-of.ts'
import { found, jsonFormat } from '../define-format.ts'
import { isObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { lineOfNumberedCode } from '../numbered-code.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import type { ReportFinding } from '../scanner.ts'
import { isItemOf, wishItems } from '../wish-items.ts'

type Context = { brokenFiles: number; version: string | null }

/** Gosec's JSON (`gosec -fmt json`): https://github.com/securego/gosec#output-formats */
export const gosec = jsonFormat<Context>({
  name: 'gosec',
  title: 'Gosec',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    (/"Golang errors"\s*:/.test(head) ||
      /"GosecVersion"\s*:/.test(head) ||
      (/"Issues"\s*:/.test(head) && (/"rule_id"\s*:\s*"G\d{3}"/.test(head) || /"nosec"\s*:/.test(head)))),
  wish: wishItems(['Issues', 'Golang errors'], ['GosecVersion']),
  isResult: (path) => isItemOf(path, 'Issues'),
  newContext: () => ({ brokenFiles: 0, version: null }),
  learn: (context, { path: [top, file], value }) => {
    if (top === 'Golang errors' && file !== undefined) context.brokenFiles += 1
    else if (top === 'GosecVersion') context.version = readVersion(value)
  },
  tools: ({ brokenFiles, version }) => {
    const problem = brokenFiles === 0 ? null : 'Gosec could not compile some of the files'
    return [{ name: 'Gosec', version, problem }]
  },
  unread: ({ brokenFiles }) =>
    brokenFiles === 0
      ? []
      : [`Gosec could not compile ${countOf(brokenFiles, 'file')}, so it says little or nothing about them.`],
  read: (value) => [found(toFinding(value))],
})

/** Builds without a release say "dev". */
function readVersion(value: unknown): string | null {
  const version = readText(value)
  return version === undefined || version === 'dev' ? null : version
}

function toFinding(value: unknown): ReportFinding {
  const issue = readObject(value)
  const [startLine, endLine] = readLines(issue['line'])
  const text = readText(issue['details']) ?? ''
  const id = readText(issue['rule_id']) ?? ''
  const cwe = readObject(issue['cwe'] ?? issue['Cwe'])
  return makeFinding({
    kind: 'code',
    scanner: 'Gosec',
    ruleId: id,
    title: text,
    message: text,
    ...rateFinding({ word: issue['severity'] }),
    cwes: readCwes(cwe['id'] ?? cwe['ID']),
    path: toRelative(readText(issue['file']) ?? ''),
    startLine,
    endLine,
    startColumn: readLine(issue['column']),
    snippet: readCode(readText(issue['code']) ?? '', startLine),
    helpUri: readText(cwe['url'] ?? cwe['URL']),
    suppressed: readSuppression(issue),
  })
}

/** A checkout in the Go workspace says where the repository begins. */
function toRelative(path: string): string {
  const slashed = path.replaceAll('\\', '/')
  const inWorkspace = /\/src\/(?:github\.com|gitlab\.com|bitbucket\.org)\/[^/]+\/[^/]+\//.exec(slashed)
  return inWorkspace === null ? path : slashed.slice(inWorkspace.index + inWorkspace[0].length)
}

/** `79`, `"79"` or `"79-81"`. */
function readLines(value: unknown): [number | null, number | null] {
  const [first, last] = typeof value === 'string' ? value.split('-', 2) : [value]
  const startLine = readLine(first)
  return [startLine, readLine(last) ?? startLine]
}

/** Since 2.5 the code comes with a line before and behind it, each with its number; before, the flagged code came alone. */
function readCode(code: string, line: number | null): string {
  const isNumbered = /^\s*\d{1,7}:/.test(code)
  return isNumbered && line !== null ? (lineOfNumberedCode(code, line) ?? '') : code.trim()
}

function readSuppression(issue: Readonly<Record<string, unknown>>): string | null {
  const reasons = readList(issue['suppressions']).filter(isObject)
  if (reasons.length === 0) return issue['nosec'] === true ? 'Marked with #nosec' : null
  const said = reasons.flatMap((reason) => readText(reason['justification']) ?? [])
  return said.length === 0 ? 'Suppressed in the code or the configuration of Gosec' : said.join('; ')
}
