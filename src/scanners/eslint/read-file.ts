import { found, skipped } from '../define-format.ts'
import { isObject, type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { type Rating, rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import type { ReportResult } from '../scanner.ts'

/** What the report tells beside its files, where it was written with metadata. */
export type Surroundings = { root: string; helpLinks: Map<string, string> }

type File = { path: string; lines: readonly string[]; helpLinks: ReadonlyMap<string, string> }

/** What ESLint says of one file: its messages, then those that a comment in it turns off. */
export function readFile(value: JsonObject, { root, helpLinks }: Surroundings): ReportResult[] {
  const path = toRelative(readText(value['filePath']) ?? '', root)
  const messages = readList(value['messages'])
  const hidden = readList(value['suppressedMessages'])
  const source = messages.length + hidden.length === 0 ? undefined : readText(value['source'])
  const file = { path, lines: source === undefined ? [] : source.split(/\r?\n/), helpLinks }
  return [
    ...messages.map((message) => toResult(readObject(message), file, null)),
    ...hidden.map((message) => toResult(readObject(message), file, readReason(readObject(message)))),
  ]
}

function toResult(message: JsonObject, file: File, suppressed: string | null): ReportResult {
  const text = readText(message['message']) ?? ''
  const id = readText(message['ruleId'])
  if (message['fatal'] === true) return skipped('parse-error', file.path, text)
  // ESLint's own words on its run: a file is ignored, a comment turns off what nobody reports.
  if (id === undefined) return skipped('notice', file.path, text)
  const startLine = readLine(message['line'])
  return found(
    makeFinding({
      kind: 'code',
      scanner: 'ESLint',
      ruleId: id,
      title: text,
      message: text,
      ...rate(message['severity']),
      cwes: [],
      path: file.path,
      startLine,
      endLine: readLine(message['endLine']) ?? startLine,
      startColumn: readLine(message['column']),
      snippet: startLine === null ? null : (file.lines[startLine - 1] ?? '').trim(),
      helpUri: file.helpLinks.get(id) ?? coreHelp(id),
      suppressed,
    }),
  )
}

/** 2 is an error, 1 a warning. */
function rate(severity: unknown): Rating {
  return rateFinding({ word: severity === 2 ? 'error' : 'warning' })
}

/** Rules of plugins have the plugin's name in front. */
function coreHelp(id: string): string | null {
  return /^[a-z][a-z-]*$/.test(id) ? `https://eslint.org/docs/latest/rules/${id}` : null
}

function readReason(message: JsonObject): string {
  const said = readList(message['suppressions'])
    .filter(isObject)
    .flatMap((one) => readText(one['justification']) ?? [])
  return said.length === 0 ? 'Turned off by a comment in the code' : said.join('; ')
}

function toRelative(path: string, root: string): string {
  const slashed = path.replaceAll('\\', '/')
  return root !== '' && slashed.startsWith(`${root}/`) ? slashed.slice(root.length + 1) : slashed
}
