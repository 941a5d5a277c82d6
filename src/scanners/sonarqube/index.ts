import { jsonFormat } from '../define-format.ts'
import { readNumber, readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import type { ReportSource, ReportTool, Scanner } from '../scanner.ts'
import { scannerNames, toResult } from './to-result.ts'

/** Lists of results; `total` is how many there are on the server, as any of the answers says it. */
type Count = { held: number; total: number | null }
type Context = {
  issues: Count
  hotspots: Count
  /** Which list the answer with this number is of; -1 where the file is one answer. */
  kinds: Map<number, 'issues' | 'hotspots'>
  totals: { answer: number; total: number; isPaging: boolean }[]
  /** Paths of files by the key of their component. */
  paths: Map<string, string>
}

const maxPaths = 200_000
const headLength = 64 * 1024

const newContext = (): Context => ({
  issues: { held: 0, total: null },
  hotspots: { held: 0, total: null },
  kinds: new Map(),
  totals: [],
  paths: new Map(),
})

const answers = jsonFormat<Context>({
  name: 'sonarqube',
  title: 'SonarQube',
  recognise,
  wish: (path) => wishInAnswer(withoutAnswer(path)),
  isResult: (path) => listOf(path) !== undefined,
  newContext,
  learn,
  check: addTotals,
  tools,
  unread: ({ issues, hotspots }) => [...describeMissing('issues', issues), ...describeMissing('hotspots', hotspots)],
  read: (value, { paths }, path) => [toResult(readObject(value), { isHotspot: listOf(path) === 'hotspots', paths })],
})

/** The issues and hotspots of all pages, put into one list without what stood around them. */
const bareList = jsonFormat<Context>({
  name: 'sonarqube',
  title: 'SonarQube',
  recognise,
  wish: (path) => (path.length === 0 ? 'enter' : 'take'),
  isResult: (path) => path.length === 1,
  newContext,
  learn: (context, { value }) => {
    context[isHotspot(value) ? 'hotspots' : 'issues'].held += 1
  },
  tools: (context) => tools(context).map((tool) => ({ ...tool, problem: mayHoldMore(context) })),
  read: (value, { paths }) => [toResult(readObject(value), { isHotspot: isHotspot(value), paths })],
})

/**
 * What SonarQube's API answers, `api/issues/search` or `api/hotspots/search`: one answer, a list of them, or a list of what
 * they hold. https://next.sonarqube.com/sonarqube/web_api/api/issues
 */
export const sonarqube: Scanner = {
  ...answers,
  read: async (source, limits) => await ((await isBareList(source)) ? bareList : answers).read(source, limits),
}

async function isBareList(source: ReportSource): Promise<boolean> {
  let head = ''
  for await (const chunk of source.open()) {
    head += Buffer.from(chunk).toString('latin1')
    if (head.length >= headLength) break
  }
  const first = /"(?:(component)"\s*:\s*"|(?:issues|hotspots|paging)"\s*:)/.exec(head)
  return /^\s*\[/.test(head) && first?.[1] !== undefined
}

/** SonarQube answers a hundred a page, or several hundreds, and such a list does not say how many there are. */
function mayHoldMore({ issues, hotspots }: Context): string | null {
  const isFullPage = [issues, hotspots].some(({ held }) => held > 0 && held % 100 === 0)
  return isFullPage ? 'the file may hold only some pages of the answer' : null
}

/** Only a hotspot is more or less probable. */
function isHotspot(value: unknown): boolean {
  return readText(readObject(value)['vulnerabilityProbability']) !== undefined
}

function recognise(head: string): boolean {
  if (!/^\s*[[{]/.test(head)) return false
  if (/"(?:issues|hotspots)"\s*:\s*\[/.test(head) && /"paging"\s*:\s*\{[^{}]{0,200}"pageIndex"\s*:/.test(head))
    return true
  if (/"qualifier"\s*:\s*"(?:TRK|FIL|DIR|BRC|UTS)"/.test(head)) return true
  const isFinding = /"component"\s*:\s*"/.test(head) && /"project"\s*:\s*"/.test(head)
  return isFinding && /"(?:securityCategory|effort|debt|quickFixAvailable|vulnerabilityProbability)"\s*:/.test(head)
}

function wishInAnswer(path: JsonPath): Wish {
  const [top] = path
  if (top === undefined) return 'enter'
  if (top === 'issues' || top === 'hotspots' || top === 'components') return path.length === 1 ? 'enter' : 'take'
  return top === 'paging' || top === 'total' ? 'take' : 'skip'
}

function listOf(path: JsonPath): 'issues' | 'hotspots' | undefined {
  const [top, index] = withoutAnswer(path)
  return typeof index === 'number' && (top === 'issues' || top === 'hotspots') ? top : undefined
}

function learn(context: Context, { path, value }: { path: JsonPath; value: unknown }): void {
  const [top] = withoutAnswer(path)
  const answer = typeof path[0] === 'number' ? path[0] : -1
  const list = listOf(path)
  if (list !== undefined) context[list].held += 1
  if (top === 'issues' || top === 'hotspots') context.kinds.set(answer, top)
  if (top === 'components') learnPath(context, value)
  const total = readNumber(top === 'paging' ? readObject(value)['total'] : value)
  if ((top === 'paging' || top === 'total') && total !== undefined)
    context.totals.push({ answer, total, isPaging: top === 'paging' })
}

function learnPath({ paths }: Context, value: unknown): void {
  const component = readObject(value)
  const key = readText(component['key'])
  const path = readText(component['path'])
  if (key !== undefined && path !== undefined && paths.size < maxPaths) paths.set(key, path)
}

/** The number at the top is the older one and still there; where both are, the one of the paging counts. */
function addTotals(context: Context): void {
  const hasPaging = context.totals.some(({ isPaging }) => isPaging)
  for (const { answer, total, isPaging } of context.totals) {
    const count = context[context.kinds.get(answer) ?? 'issues']
    if (isPaging || !hasPaging) count.total = Math.max(count.total ?? 0, total)
  }
}

/** Issues and hotspots are asked for apart: an answer proves nothing about the other list. */
function tools({ issues, hotspots, totals }: Context): ReportTool[] {
  const isOfIssues = issues.held > 0 || totals.some(({ isPaging }) => !isPaging)
  const isOfHotspots = hotspots.held > 0 || !isOfIssues
  return [
    ...(isOfIssues ? [toTool(scannerNames.issues, issues)] : []),
    ...(isOfHotspots ? [toTool(scannerNames.hotspots, hotspots)] : []),
  ]
}

function toTool(name: string, count: Count): ReportTool {
  return { name, version: null, problem: missingOf(count) > 0 ? 'the file holds only some pages of the answer' : null }
}

function missingOf({ held, total }: Count): number {
  return Math.max(0, (total ?? 0) - held)
}

function describeMissing(what: string, count: Count): string[] {
  if (missingOf(count) === 0) return []
  return [
    `SonarQube has ${count.total} ${what}, the file holds ${count.held}: put all pages into one list. Beyond 10,000 SonarQube gives none; ask by folder or rule then.`,
  ]
}

function withoutAnswer(path: JsonPath): JsonPath {
  return typeof path[0] === 'number' ? path.slice(1) : path
}
