import { spellScanner } from '../../domain/spell-scanner.ts'
import { AppError } from '../../lib/app-error.ts'
import { cleanText } from '../clean-text.ts'
import { readList, readObject, readText } from '../json-fields.ts'
import type { JsonPath } from '../json-slicer.ts'
import { type BaseIds, readBaseIds } from './place.ts'
import { readMessages, type SarifRule, toRule } from './rule.ts'

/** A driver or an extension (§3.19): whoever brings rules. */
export type Component = {
  name: string
  guid: string
  version: string | null
  rules: SarifRule[]
  /** The first rule of each id. */
  rulesById: Map<string, SarifRule>
  messages: ReadonlyMap<string, string>
}

/** Everything of a run (§3.14) but its results, gathered before the first result is turned into a finding. */
export type SarifRun = {
  driver: Component
  extensions: Component[]
  baseIds: BaseIds
  /** URIs of `artifacts`, for results that name a file by index only. */
  artifacts: { uri: string; base: string | undefined }[]
  /** Ids by `taxonomy/index`, for results that name a taxon by index only. */
  taxa: Map<string, string>
  taxonomyNames: string[]
  commit: string | null
  /** Whether the run has a list of results, be it an empty one; null says that the scanner did not get to look (§3.14.23). */
  listsResults: boolean
  /** What was scanned, where one scanner reports parts of a repository apart (§3.17.2): the id less its last step. */
  category: string
  problem: string | null
  /** The run says that it looked at changed lines only. */
  isOfDiff: boolean
  fingerprints: FingerprintStatistics
}

/** By name: whether it has more than one value in the run, and how many results carry it. */
export type FingerprintStatistics = Map<string, { first: string; isVaried: boolean; count: number }>

/**
 * How many of each a report may hold: far more than any scanner writes. All of them lie in memory at once, and an empty
 * one costs a few bytes of a file, but hundreds here.
 */
const most = { runs: 10_000, extensions: 10_000, rules: 200_000, files: 1_000_000, taxa: 200_000 } as const

/** Throws `report_invalid` when the list that is being read has grown beyond reason; `index` counts from 0. */
export function requireFew(what: keyof typeof most, index: number): void {
  if (index < most[what]) return
  throw new AppError('report_invalid', `The report holds more than ${most[what]} ${what}. Check what wrote it.`)
}

export function newRun(): SarifRun {
  return {
    driver: newComponent(),
    extensions: [],
    baseIds: new Map(),
    artifacts: [],
    taxa: new Map(),
    taxonomyNames: [],
    commit: null,
    listsResults: false,
    category: '',
    problem: null,
    isOfDiff: false,
    fingerprints: new Map(),
  }
}

function newComponent(): Component {
  return { name: '', guid: '', version: null, rules: [], rulesById: new Map(), messages: new Map() }
}

/** Puts one value of a run, found at `path` (below `runs[i]`), where it belongs. */
export function addToRun(run: SarifRun, path: JsonPath, value: unknown): void {
  const [area, first, second, third] = path
  if (area === 'tool' && first === 'extensions' && typeof second === 'number') requireFew('extensions', second)
  if (area === 'artifacts' && typeof first === 'number') requireFew('files', first)
  if (area === 'taxonomies' && typeof first === 'number') requireFew('taxa', Math.max(first, run.taxa.size))
  if (area === 'tool' && first === 'driver') addToComponent(run.driver, path.slice(2), value)
  else if (area === 'tool' && first === 'extensions' && typeof second === 'number')
    addToComponent((run.extensions[second] ??= newComponent()), path.slice(3), value)
  else if (area === 'artifacts' && typeof first === 'number') run.artifacts[first] = toArtifact(value)
  else if (area === 'taxonomies' && typeof first === 'number') {
    if (second === 'name') run.taxonomyNames[first] = readText(value) ?? ''
    else if (second === 'taxa' && typeof third === 'number')
      run.taxa.set(`${first}/${third}`, readText(readObject(value)['id']) ?? '')
  } else if (area === 'originalUriBaseIds') run.baseIds = readBaseIds(value)
  else if (area === 'invocations') run.problem ??= findFailure(value)
  else if (area === 'versionControlProvenance') run.commit ??= findCommit(value)
  else if (area === 'automationDetails') run.category = findCategory(value)
  else if (area === 'properties' && first === 'incrementalMode') run.isOfDiff = isDiffInformed(value)
}

/**
 * What CodeQL writes where it analysed the lines of a pull request alone; with other modes (`overlay`) it tells of all code.
 * `--sarif-run-property=incrementalMode=diff-informed`: https://github.com/github/codeql-action/blob/main/src/analyze.ts
 */
function isDiffInformed(value: unknown): boolean {
  return (readText(value) ?? '').split(',').some((mode) => mode.trim() === 'diff-informed')
}

/** The end of a sentence that says why nothing is closed. */
export const ofDiff = 'the scanner looked at the changed lines only'

function addToComponent(component: Component, path: JsonPath, value: unknown): void {
  const [key, index] = path
  switch (key) {
    case 'name':
      component.name = cleanText(readText(value) ?? '', 100).trim()
      return
    case 'guid':
      component.guid = readText(value) ?? ''
      return
    case 'version':
      component.version ??= readVersion(value)
      return
    case 'semanticVersion':
      component.version = readVersion(value) ?? component.version
      return
    case 'globalMessageStrings':
      component.messages = readMessages(value)
      return
    case 'rules':
      if (typeof index !== 'number') return
      requireFew('rules', index)
      addRule(component, index, toRule(value))
      return
    default:
      return
  }
}

function readVersion(value: unknown): string | null {
  const text = readText(value)
  return text === undefined ? null : cleanText(text, 100)
}

function addRule(component: Component, index: number, rule: SarifRule): void {
  component.rules[index] = rule
  if (!component.rulesById.has(rule.id)) component.rulesById.set(rule.id, rule)
}

function toArtifact(value: unknown): { uri: string; base: string | undefined } {
  const location = readObject(value)
  return { uri: readText(location['uri']) ?? '', base: readText(location['uriBaseId']) }
}

/** A run that failed says nothing about what is gone (§3.20.14). */
function findFailure(value: unknown): string | null {
  const failed = readList(value).some((invocation) => readObject(invocation)['executionSuccessful'] === false)
  return failed ? 'the scanner says that its run failed' : null
}

function findCommit(value: unknown): string | null {
  for (const item of readList(value)) {
    const revision = readText(readObject(item)['revisionId'])
    if (revision !== undefined && /^[0-9a-f]{7,64}$/.test(revision)) return revision
  }
  return null
}

function findCategory(value: unknown): string {
  const id = readText(readObject(value)['id']) ?? ''
  return cleanText(id.slice(0, Math.max(0, id.lastIndexOf('/'))), 100).replace(/^\/+/, '')
}

/** The name findings are kept under: parts that are scanned apart must not close each other's findings. */
export function scannerName(run: SarifRun): string {
  const name = spellScanner(run.driver.name) || 'unnamed scanner'
  return run.category === '' ? name : `${name} (${run.category})`
}
