import { countOf } from '../count-of.ts'
import { found, jsonFormat } from '../define-format.ts'
import { type JsonObject, readList, readObject, readText, readWhole } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import type { ReportFinding, ReportTool } from '../scanner.ts'

type Context = {
  totals: Map<string, unknown>
  roots: string[]
  /** What is said once for all places of a query, by its position. */
  queries: Map<number, Map<string, unknown>>
  materials: number
}

const topFields = new Set([
  'kics_version',
  'paths',
  'files_scanned',
  'files_parsed',
  'files_failed_to_scan',
  'queries_failed_to_execute',
])

/**
 * KICS's JSON (`kics scan --report-formats json`): https://docs.kics.io/latest/results/
 * The places of a query are read one by one; what the query says stands behind them or before.
 */
export const kics = jsonFormat<Context>({
  name: 'kics',
  title: 'KICS',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    (/"kics_version"\s*:/.test(head) ||
      /"queries_failed_to_compute_similarity_id"\s*:/.test(head) ||
      (/"query_id"\s*:/.test(head) && /"similarity_id"\s*:/.test(head))),
  wish,
  isResult: isPlace,
  newContext: () => ({ totals: new Map(), roots: [], queries: new Map(), materials: 0 }),
  learn,
  tools,
  unread,
  read: (value, context, path) => [found(toFinding(readObject(value), context, Number(path[1])))],
})

function wish(path: JsonPath): Wish {
  const [top, , field] = path
  if (path.length === 0) return 'enter'
  if (top === 'queries') return path.length <= 2 || (field === 'files' && path.length === 3) ? 'enter' : 'take'
  if (top === 'bill_of_materials') return path.length === 1 ? 'enter' : 'take'
  return topFields.has(String(top)) ? 'take' : 'skip'
}

function isPlace(path: JsonPath): boolean {
  return path.length === 4 && path[0] === 'queries' && path[2] === 'files'
}

function learn(context: Context, { path, value }: { path: JsonPath; value: unknown }): void {
  const [top, index, field] = path
  if (typeof top !== 'string') return
  if (top === 'bill_of_materials') context.materials += path.length > 1 ? 1 : 0
  else if (top === 'paths') context.roots = readList(value).flatMap((root) => readText(root) ?? [])
  else if (path.length === 1) context.totals.set(top, value)
  else if (top === 'queries' && path.length === 3 && typeof index === 'number' && typeof field === 'string') {
    const query = context.queries.get(index) ?? new Map<string, unknown>()
    context.queries.set(index, query.set(field, value))
  }
}

function tools({ totals }: Context): ReportTool[] {
  const version = readText(totals.get('kics_version'))?.replace(/^v/, '') ?? null
  const hasFailed = count(totals, 'files_failed_to_scan') + count(totals, 'queries_failed_to_execute') > 0
  return [{ name: 'KICS', version, problem: hasFailed ? 'KICS could not scan all files or run all queries' : null }]
}

function unread({ totals, materials }: Context): string[] {
  const failed = count(totals, 'files_failed_to_scan')
  const queries = count(totals, 'queries_failed_to_execute')
  const unparsed = count(totals, 'files_scanned') - count(totals, 'files_parsed') - failed
  return [
    ...(failed === 0 ? [] : [`KICS failed to scan ${countOf(failed, 'file')}.`]),
    ...(queries === 0 ? [] : [`KICS failed to run ${queries === 1 ? '1 query' : `${queries} queries`}.`]),
    ...(unparsed <= 0 || !totals.has('files_parsed') ? [] : [`KICS did not parse ${countOf(unparsed, 'file')}.`]),
    ...(materials === 0 ? [] : [`A bill of materials with ${countOf(materials, 'resource')}.`]),
  ]
}

function count(totals: ReadonlyMap<string, unknown>, name: string): number {
  return readWhole(totals.get(name)) ?? 0
}

function toFinding(place: JsonObject, { queries, roots }: Context, index: number): ReportFinding {
  const query = queries.get(index) ?? new Map<string, unknown>()
  const say = (name: string): string | undefined => readText(query.get(name))
  const name = say('query_name') ?? ''
  const expected = readText(place['expected_value'])
  const actual = readText(place['actual_value'])
  const description = say('description') ?? ''
  return makeFinding({
    kind: 'configuration',
    scanner: 'KICS',
    ruleId: say('query_id') ?? name,
    title: name,
    message: actual ?? expected ?? name,
    description: expected === undefined ? description : `${description}\n\nExpected: ${expected}`,
    ...rateFinding({ word: query.get('severity') }),
    cwes: readCwes(query.get('cwe')),
    tags: [name, say('category') ?? ''],
    path: toRelative(readText(place['file_name']) ?? '', roots),
    startLine: readLine(place['line']),
    resource: readResource(place),
    helpUri: say('query_url'),
    fingerprint: readText(place['similarity_id']),
  })
}

/** Where in the configuration, with names in it and no positions; versions differ in how they quote the names. */
function readResource(place: JsonObject): string | null {
  const key = readText(place['search_key'])?.replaceAll('{{', '').replaceAll('}}', '')
  if (key !== undefined) return key
  const type = readText(place['resource_type'])
  const name = readText(place['resource_name'])
  return type === undefined || name === undefined ? (name ?? type ?? null) : `${type}.${name}`
}

/** KICS tells paths from where it runs, `../../path/main.tf` in its image; the report says which folder it was given. */
function toRelative(path: string, roots: readonly string[]): string {
  const bare = withoutWayUp(path)
  const folders = roots.filter((root) => /^(?:\/|[A-Za-z]:)/.test(root)).map(withoutWayUp)
  const folder = folders.find((one) => one !== '' && bare.startsWith(`${one}/`))
  return folder === undefined ? bare : bare.slice(folder.length + 1)
}

function withoutWayUp(path: string): string {
  const steps = path.replaceAll('\\', '/').split('/')
  const first = steps.findIndex((step) => step !== '' && step !== '.' && step !== '..')
  return first === -1 ? '' : steps.slice(first).join('/').replace(/\/$/, '')
}
