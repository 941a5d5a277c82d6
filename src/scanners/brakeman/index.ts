import { findAdvisoryNames } from '../../domain/advisory-names.ts'
import type { Severity } from '../../domain/severity.ts'
import { countOf } from '../count-of.ts'
import { found, jsonFormat } from '../define-format.ts'
import { isObject, type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import type { Place, ReportFinding } from '../scanner.ts'
import { isItemOf, wishItems } from '../wish-items.ts'

type Context = { root: string; version: string | null; errors: number; obsolete: number }

/** Brakeman says how sure it is, not how bad it would be; of what it is sure of, people see to first. */
const confidences: ReadonlyMap<string, Severity> = new Map([
  ['high', 'high'],
  ['medium', 'medium'],
  ['weak', 'low'],
])

/** Brakeman's JSON (`brakeman -f json`): https://brakemanscanner.org/docs/options/#output-options */
export const brakeman = jsonFormat<Context>({
  name: 'brakeman',
  title: 'Brakeman',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    (/"brakeman_version"\s*:/.test(head) || (/"warning_type"\s*:/.test(head) && /"warning_code"\s*:/.test(head))),
  wish: wishItems(['warnings', 'ignored_warnings', 'errors', 'obsolete'], ['scan_info']),
  isResult: (path) => isItemOf(path, 'warnings') || isItemOf(path, 'ignored_warnings'),
  newContext: () => ({ root: '', version: null, errors: 0, obsolete: 0 }),
  learn: (context, { path, value }) => {
    if (path[0] === 'scan_info') {
      const info = readObject(value)
      context.root = (readText(info['app_path']) ?? '').replaceAll('\\', '/').replace(/\/$/, '')
      context.version = readText(info['brakeman_version']) ?? null
    } else if (isItemOf(path, 'errors')) context.errors += 1
    else if (isItemOf(path, 'obsolete')) context.obsolete += 1
  },
  tools: ({ version, errors }) => {
    const problem = errors === 0 ? null : 'Brakeman could not read some of the files'
    return [{ name: 'Brakeman', version, problem }]
  },
  unread,
  read: (value, context, [list]) => [found(toFinding(readObject(value), context, list === 'ignored_warnings'))],
})

function unread({ errors, obsolete }: Context): string[] {
  return [
    ...(errors === 0 ? [] : [`Brakeman met ${countOf(errors, 'error')}, mostly files it could not parse.`]),
    ...(obsolete === 0 ? [] : [`Brakeman's ignore file names ${countOf(obsolete, 'warning')} that came up no more.`]),
  ]
}

function toFinding(warning: JsonObject, { root }: Context, isIgnored: boolean): ReportFinding {
  const message = readText(warning['message']) ?? ''
  const type = readText(warning['warning_type']) ?? ''
  const note = readText(warning['note'])
  const startLine = readLine(warning['line'])
  return makeFinding({
    kind: 'code',
    scanner: 'Brakeman',
    ruleId: toRuleId(warning, type),
    title: message,
    message,
    description: describe(warning, type),
    ...rateFinding({ word: warning['confidence'], words: confidences }),
    cwes: readCwes(warning['cwe_id']),
    tags: [type, readText(warning['check_name']) ?? ''],
    aliases: findAdvisoryNames(message),
    path: toRelative(readText(warning['file']), root),
    startLine,
    snippet: readText(warning['code']),
    helpUri: readText(warning['link']),
    fingerprint: readText(warning['fingerprint']),
    flow: readRenderPath(warning['render_path'], root),
    suppressed: isIgnored ? (note ?? 'In the ignore file of Brakeman') : null,
  })
}

/** As in Brakeman's SARIF. Codes stay what they are; names of checks were changed, and several codes share one. */
function toRuleId(warning: JsonObject, type: string): string {
  const code = readLine(warning['warning_code'])
  if (code !== null) return `BRAKE${String(code).padStart(4, '0')}`
  return warning['warning_code'] === 0 ? 'BRAKE0000' : (readText(warning['check_name']) ?? type)
}

function describe(warning: JsonObject, type: string): string {
  const location = readObject(warning['location'])
  const names = [location['class'], location['method'], location['template'], location['model'], location['controller']]
  const where = names.flatMap((name) => readText(name) ?? [])
  const input = readText(warning['user_input'])
  return [
    type,
    ...(where.length === 0 ? [] : [`In ${where.join(' ')}.`]),
    ...(input === undefined ? [] : [`Input: \`${input}\``]),
  ].join('\n\n')
}

/** Paths are relative to the application already, unless they were asked for in full. */
function toRelative(path: string | undefined, root: string): string | undefined {
  const slashed = path?.replaceAll('\\', '/')
  return root !== '' && slashed?.startsWith(`${root}/`) === true ? slashed.slice(root.length + 1) : path
}

function readRenderPath(value: unknown, root: string): Place[] {
  return readList(value)
    .filter(isObject)
    .flatMap((step) => {
      const path = toRelative(readText(step['file']), root)
      const line = readLine(step['line'])
      const names = [readText(step['class']), readText(step['method']) ?? readText(step['name'])]
      const message = names.filter((name) => name !== undefined).join('#')
      return path === undefined || line === null ? [] : [{ path, line, message: message === '' ? null : message }]
    })
}
