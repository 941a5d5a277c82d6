import { found, jsonFormat, refuse, skipped } from '../define-format.ts'
import { isObject, type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import { readSecret } from '../read-secret.ts'
import { addEntry, findMain, type Problems } from '../same-problem.ts'
import type { ReportResult } from '../scanner.ts'

type Context = { problems: Problems }

/** One leak as either version tells it. */
type Leak = {
  ruleId: string
  title: string
  path: string
  line: number | null
  endLine: number | null
  column: number | null
  /** The flagged text; of version 7 the whole line. */
  match: string
  secret: string | null
  commit: string
  tags: string[]
  link: string
}

/**
 * Gitleaks' JSON, of version 8 and of 7 and before: https://github.com/gitleaks/gitleaks#readme (Reporting).
 *
 * The same secret in the same file is one finding, however many commits brought it in. `Fingerprint` is no name to know it
 * by: it holds commit and line.
 */
export const gitleaks = jsonFormat<Context>({
  name: 'gitleaks',
  title: 'Gitleaks',
  recognise: (head) =>
    /^\s*\[\s*\{/.test(head) &&
    ((/"RuleID"\s*:/.test(head) && /"(Secret|Match|Fingerprint)"\s*:/.test(head)) ||
      (/"offender"\s*:/.test(head) && /"(rule|lineNumber)"\s*:/.test(head))),
  wish: (path) => (path.length === 0 ? 'enter' : 'take'),
  isResult: (path) => path.length === 1,
  newContext: () => ({ problems: new Map() }),
  learn: ({ problems }, { path: [index], value, at }) => {
    if (typeof index === 'string') refuse('Gitleaks', 'it is not a list')
    if (!isObject(value)) return
    const leak = readLeak(value)
    const { path, line } = leak
    const message = leak.commit === '' ? null : `In commit ${leak.commit.slice(0, 12)}`
    addEntry(problems, {
      key: keyOf(leak),
      id: String(at),
      severity: 'high',
      place: { path, line: line ?? 1, message },
    })
  },
  tools: () => [{ name: 'Gitleaks', version: null, problem: null }],
  read: (value, context, [index], at) => [toResult(value, context, `Entry ${Number(index) + 1}`, String(at))],
})

function readLeak(entry: JsonObject): Leak {
  const text = (...names: string[]): string => names.map((name) => readText(entry[name])).find(Boolean) ?? ''
  const whole = (...names: string[]): number | null =>
    names.map((name) => readLine(entry[name])).find((line) => line !== null) ?? null
  const tags = entry['Tags'] ?? entry['tags']
  return {
    ruleId: text('RuleID', 'rule'),
    title: text('Description', 'rule', 'RuleID'),
    path: text('File', 'file'),
    line: whole('StartLine', 'lineNumber'),
    endLine: whole('EndLine', 'StartLine', 'lineNumber'),
    column: whole('StartColumn'),
    match: text('Match', 'line', 'Secret', 'offender').trim(),
    secret: readSecret(entry['Secret'] ?? entry['offender']),
    commit: text('Commit', 'commit'),
    tags: typeof tags === 'string' ? tags.split(/,\s*/) : readList(tags).flatMap((tag) => readText(tag) ?? []),
    link: text('Link', 'leakURL'),
  }
}

/** Where the secret is hidden, its line is all there is to tell two of them apart. */
function keyOf({ ruleId, path, secret, line, column, match }: Leak): string[] {
  return secret === null ? [ruleId, path, 'at', String(line), String(column), match] : [ruleId, path, 'secret', secret]
}

function toResult(value: unknown, { problems }: Context, label: string, id: string): ReportResult {
  const leak = readLeak(readObject(value))
  if (leak.ruleId === '' && leak.path === '') return skipped('unreadable', label, 'without a rule and a file')
  const main = findMain(problems, { key: keyOf(leak), id })
  const { ruleId, title, path, line, endLine, column, match, secret, commit, tags, link } = leak
  if (main === null)
    return skipped('repeated', `${ruleId} in ${path}`, 'the same secret in the same file, in another commit or line')
  return found(
    makeFinding({
      kind: 'secret',
      scanner: 'Gitleaks',
      ruleId,
      title,
      message: title,
      description: commit === '' ? '' : `Found in commit ${commit}.`,
      ...rateFinding({ word: undefined, otherwise: 'high' }),
      cwes: [798],
      tags,
      path,
      startLine: line,
      endLine,
      startColumn: column,
      snippet: match,
      secret,
      helpUri: link,
      otherPlaces: main.others,
    }),
  )
}
