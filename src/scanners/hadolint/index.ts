import { countOf } from '../count-of.ts'
import { found, jsonFormat, skipped } from '../define-format.ts'
import { readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import type { ReportResult } from '../scanner.ts'

type Context = { unparsed: number }

/** The rule by which Hadolint says that it cannot read a file. */
const parseError = 'DL1000'

/** Hadolint's JSON (`hadolint -f json`): https://github.com/hadolint/hadolint#cli */
export const hadolint = jsonFormat<Context>({
  name: 'hadolint',
  title: 'Hadolint',
  recognise: (head) =>
    /^\s*\[\s*\{/.test(head) && /"code"\s*:\s*"(DL|SC)\d{4}"/.test(head) && /"level"\s*:\s*"/.test(head),
  wish: (path) => (path.length === 0 ? 'enter' : 'take'),
  isResult: ([index]) => typeof index === 'number',
  newContext: () => ({ unparsed: 0 }),
  learn: (context, { value }) => {
    if (readObject(value)['code'] === parseError) context.unparsed += 1
  },
  tools: ({ unparsed }) => [
    { name: 'Hadolint', version: null, problem: unparsed === 0 ? null : 'Hadolint could not parse some of the files' },
  ],
  unread: ({ unparsed }) =>
    unparsed === 0
      ? []
      : [`Hadolint could not parse ${countOf(unparsed, 'file')}, so it says nothing about what is in them.`],
  read: (value) => [toResult(value)],
})

function toResult(value: unknown): ReportResult {
  const result = readObject(value)
  const id = readText(result['code']) ?? ''
  const text = readText(result['message']) ?? ''
  const file = readText(result['file'])
  if (id === '' && text === '') return skipped('unreadable', file ?? 'An entry', 'without a rule and a message')
  if (id === parseError) return skipped('parse-error', file ?? 'A Dockerfile', text)
  return found(
    makeFinding({
      kind: 'configuration',
      scanner: 'Hadolint',
      ruleId: id,
      title: text,
      message: text,
      ...rateFinding({ word: result['level'] }),
      cwes: [],
      // What came through a pipe has no name.
      path: file === '-' || file === '/dev/stdin' ? null : file,
      startLine: readLine(result['line']),
      startColumn: readLine(result['column']),
      helpUri: toHelp(id),
    }),
  )
}

function toHelp(id: string): string | null {
  if (id.startsWith('DL')) return `https://github.com/hadolint/hadolint/wiki/${id}`
  return id.startsWith('SC') ? `https://www.shellcheck.net/wiki/${id}` : null
}
