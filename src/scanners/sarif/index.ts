import { AppError } from '../../lib/app-error.ts'
import { readText } from '../json-fields.ts'
import { type JsonPath, type Slice, sliceJson, type Wish } from '../json-slicer.ts'
import type { Report, ReportLimits, ReportResult, ReportSource, ReportTool, Scanner } from '../scanner.ts'
import { countFingerprints } from './fingerprint.ts'
import { addToRun, newRun, ofDiff, requireFew, type SarifRun, scannerName } from './run.ts'
import { toResult } from './to-result.ts'
import { countOversized, countUnreadResult, countUnreadRun, describeUnread, type UnreadCounts } from './unread.ts'

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. See README.md for what is read. */
export const sarif: Scanner = {
  name: 'sarif',
  title: 'SARIF 2.1.0',
  recognise: (head) =>
    /^\s*\{/.test(head) && (/"\$schema"\s*:\s*"[^"]{0,300}sarif/i.test(head) || /"runs"\s*:\s*(\[|null)/.test(head)),
  read,
}

const maxDepth = 200

/** The whole of a run lies before its results are turned into findings: rules may stand behind them in the file. */
type Survey = {
  version: string | undefined
  runs: SarifRun[]
  hasRuns: boolean
  results: number
  unread: UnreadCounts
  /** Why no run of this file proves that something is gone; null when each speaks for itself. */
  problem: string | null
}

async function read(source: ReportSource, limits: ReportLimits): Promise<Report> {
  const survey = await surveyFile(source, limits)
  checkSurvey(survey)
  const names = survey.runs.map(scannerName)
  return {
    ...(survey.runs.every((run) => run.isOfDiff) && { partial: ofDiff }),
    tools: listTools(survey, names),
    commit: survey.runs.find((run) => run.commit !== null)?.commit ?? null,
    unread: describeUnread(survey.unread, limits.maxResultBytes),
    results: () => readResults({ source, limits, runs: survey.runs, names }),
  }
}

async function surveyFile(source: ReportSource, limits: ReportLimits): Promise<Survey> {
  const survey: Survey = { version: undefined, runs: [], hasRuns: false, results: 0, unread: new Map(), problem: null }
  const wish = (path: JsonPath): Wish => {
    const [top, run, area] = path
    if (top === 'runs') survey.hasRuns = true
    if (top === 'runs' && typeof run === 'number') {
      requireFew('runs', run)
      const known = (survey.runs[run] ??= newRun())
      if (area === 'results' && path.length === 3) known.listsResults = true
      known.problem ??= findExternal(path.slice(2))
    }
    if (path.length === 3 && typeof area === 'string') countUnreadRun(area, survey.unread)
    if (path.length === 1 && typeof top === 'string') countUnreadRun(top, survey.unread)
    if (top === 'inlineExternalProperties') survey.problem = elsewhere
    return wishOfSurvey(path)
  }
  for await (const slice of sliceJson(source.open(), { wish, maxDepth, maxSliceBytes: limits.maxResultBytes })) {
    surveySlice(survey, slice, limits)
  }
  return survey
}

function surveySlice(survey: Survey, slice: Slice, limits: ReportLimits): void {
  const [top, index, area] = slice.path
  if (top === 'version' && slice.kind === 'value') survey.version = readText(slice.value)
  if (top !== 'runs' || typeof index !== 'number') return
  const run = (survey.runs[index] ??= newRun())
  // What it would have told of may be there still, and without its rules or paths a finding is not recognised.
  if (slice.kind === 'oversized') run.problem ??= 'a part of the report is too long to be read'
  if (area !== 'results') {
    if (slice.kind === 'oversized') countOversized('part', survey.unread)
    else addToRun(run, slice.path.slice(2), slice.value)
    return
  }
  if (slice.path.length === 3) {
    run.listsResults = false
    return
  }
  survey.results += 1
  if (survey.results > limits.maxResults)
    throw new AppError(
      'report_too_many_results',
      `The report holds more than ${limits.maxResults} results. Split it by folder or rule, or raise WEIR_MAX_RESULTS.`,
      { meta: { maxResults: limits.maxResults } },
    )
  if (slice.kind === 'oversized') return countOversized('result', survey.unread)
  countFingerprints(slice.value, run.fingerprints)
  countUnreadResult(slice.value, survey.unread)
}

function wishOfSurvey(path: JsonPath): Wish {
  const [top, , area, part, index, rules] = path
  if (path.length === 0) return 'enter'
  if (top === 'version') return 'take'
  if (top !== 'runs') return 'skip'
  if (path.length <= 2) return 'enter'
  switch (area) {
    case 'results':
    case 'artifacts':
      if (path.length === 3) return 'enter'
      if (area === 'results') return 'take'
      return path.length === 4 ? 'enter' : part !== undefined && index === 'location' ? 'take' : 'skip'
    case 'tool':
      if (part === 'extensions') return path.length <= 5 || (rules === 'rules' && path.length === 6) ? 'enter' : 'take'
      if (part !== undefined && part !== 'driver') return 'skip'
      return path.length <= 4 || (index === 'rules' && path.length === 5) ? 'enter' : 'take'
    case 'taxonomies':
      if (path.length <= 4 || (index === 'taxa' && path.length === 5)) return 'enter'
      return index === 'name' || index === 'taxa' ? 'take' : 'skip'
    case 'originalUriBaseIds':
    case 'invocations':
    case 'versionControlProvenance':
    case 'automationDetails':
      return 'take'
    case 'properties':
      return path.length === 3 ? 'enter' : path.length === 4 && part === 'incrementalMode' ? 'take' : 'skip'
    case 'externalPropertyFileReferences':
      return path.length === 3 ? 'enter' : 'skip'
    default:
      return 'skip'
  }
}

const elsewhere = 'results or rules of the report lie outside of what is read'
/** Parts of a run that, kept in another file, hide findings or change what they are recognised by. */
const telling = ['results', 'driver', 'extensions', 'artifacts']

/** `path` below the run: a reference (§3.15) to a file that is not here. */
function findExternal([area, part]: JsonPath): string | null {
  return area === 'externalPropertyFileReferences' && telling.some((one) => one === part) ? elsewhere : null
}

function checkSurvey(survey: Survey): void {
  const { version, runs, hasRuns } = survey
  if (version !== undefined && !version.startsWith('2.1')) {
    const way = /^(1|2\.0)\./.test(version)
      ? `Convert it with Microsoft's Sarif.Multitool ("sarif transform --sarif-output-version Current").`
      : 'Tell the scanner to write that version.'
    throw new AppError('report_invalid', `This is SARIF ${version.slice(0, 20)}; Weir reads 2.1.0. ${way}`)
  }
  if (!hasRuns)
    throw new AppError(
      'report_invalid',
      'The file has no "runs": it is not a SARIF report. Check what the scanner wrote.',
    )
  if (runs.length === 0)
    throw new AppError(
      'report_no_runs',
      'The report has no runs: no scanner wrote anything into it. Run the scan again; a scan without findings still writes one run with an empty list of results.',
    )
}

function listTools({ runs, problem: common }: Survey, names: readonly string[]): ReportTool[] {
  const tools = new Map<string, ReportTool>()
  for (const [index, run] of runs.entries()) {
    const name = names[index] ?? ''
    const missing = run.listsResults ? null : 'the report has no list of results for it'
    const problem = run.problem ?? common ?? missing ?? (run.isOfDiff ? ofDiff : null)
    const known = tools.get(name)
    tools.set(name, { name, version: known?.version ?? run.driver.version, problem: known?.problem ?? problem })
  }
  return [...tools.values()]
}

type Pass = { source: ReportSource; limits: ReportLimits; runs: readonly SarifRun[]; names: readonly string[] }

async function* readResults({ source, limits, runs, names }: Pass): AsyncGenerator<ReportResult> {
  for await (const slice of sliceJson(source.open(), {
    wish: wishOfResults,
    maxDepth,
    maxSliceBytes: limits.maxResultBytes,
  })) {
    const [, index, area, position] = slice.path
    const run = typeof index === 'number' ? runs[index] : undefined
    if (run === undefined || area !== 'results' || typeof position !== 'number') continue
    if (slice.kind === 'oversized') {
      const detail = `longer than ${Math.round(limits.maxResultBytes / 1024)} kB, at byte ${slice.at}`
      yield { kind: 'skipped', step: 'oversized', label: `Result ${position + 1}`, detail }
    } else yield toResult(slice.value, run, names[Number(index)] ?? '')
  }
}

function wishOfResults(path: JsonPath): Wish {
  if (path.length === 0) return 'enter'
  if (path[0] !== 'runs' || (path.length > 2 && path[2] !== 'results')) return 'skip'
  return path.length <= 3 ? 'enter' : 'take'
}
