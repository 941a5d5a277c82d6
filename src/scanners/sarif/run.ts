import { AppError } from '../../lib/app-error.ts'
import { cleanText } from '../clean-text.ts'
import { readList, readObject, readText } from '../json-fields.ts'
import type { JsonPath } from '../json-slicer.ts'
import { readMessages, type SarifRule, toRule } from './rule.ts'
import { type BaseIds, readBaseIds } from './place.ts'

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
  fingerprints: FingerprintStatistics
}

/** By name: whether it has more than one value in the run, and how many results carry it. */
export type FingerprintStatistics = Map<string, { first: string; isVaried: boolean; count: number }>

/** Rules of one run that are kept; a file with more is no report of a scanner. */
const maxRules = 200_000

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
    fingerprints: new Map(),
  }
}

function newComponent(): Component {
  return { name: '', guid: '', version: null, rules: [], rulesById: new Map(), messages: new Map() }
}

/** Puts one value of a run, found at `path` (below `runs[i]`), where it belongs. */
export function addToRun(run: SarifRun, path: JsonPath, value: unknown): void {
  const [area, first, second, third] = path
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
}

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
      component.version ??= readText(value)?.slice(0, 100) ?? null
      return
    case 'semanticVersion':
      component.version = readText(value)?.slice(0, 100) ?? component.version
      return
    case 'globalMessageStrings':
      component.messages = readMessages(value)
      return
    case 'rules':
      if (typeof index !== 'number') return
      if (index >= maxRules)
        throw new AppError(
          'report_invalid',
          `The report describes more than ${maxRules} rules of one scanner. Check what wrote it.`,
        )
      addRule(component, index, toRule(value))
      return
    default:
      return
  }
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
  const name = run.driver.name || 'unnamed scanner'
  return run.category === '' ? name : `${name} (${run.category})`
}
