import { findAdvisoryNames } from '../../domain/advisory-names.ts'
import { isSecretRule } from '../../domain/secret-rule.ts'
import { cleanText } from '../clean-text.ts'
import { type JsonObject, readList, readObject, readText, readWhole } from '../json-fields.ts'
import type { Place, ReportResult } from '../scanner.ts'
import { findRule } from './find-rule.ts'
import { readFingerprint } from './fingerprint.ts'
import { renderMessage } from './message.ts'
import { readOwnWords } from './own-words.ts'
import { readRegion } from './place.ts'
import { readCwes, readTags, type SarifRule, toCwe } from './rule.ts'
import type { SarifRun } from './run.ts'
import { judgeSeverity } from './severity.ts'

const maxTitle = 200
const maxRuleId = 300
const maxFlow = 50
const maxPlaces = 20

/** Kinds (§3.27.9) that report no problem. */
const harmless: ReadonlyMap<string, string> = new Map([
  ['pass', 'a passed check'],
  ['notApplicable', 'a rule that does not apply'],
  ['informational', 'for information only'],
])

/** One result of a run (§3.27) as a finding, or as something that is counted and skipped. */
export function toResult(value: unknown, run: SarifRun, scanner: string): ReportResult {
  const result = readObject(value)
  const { id, rule } = findRule(result, run)
  const ruleId = cleanText(id, maxRuleId) || 'without-rule'
  const message = renderMessage(result['message'], rule, run)
  const title = chooseTitle({ rule, ruleId, message })
  const kind = harmless.get(readText(result['kind']) ?? '')
  if (kind !== undefined) return { kind: 'skipped', step: 'kind', label: title, detail: kind }
  if (readText(result['baselineState']) === 'absent')
    return { kind: 'skipped', step: 'absent', label: title, detail: 'the scanner says that it is gone' }
  const [first, ...others] = readList(result['locations'])
  const place = readRegion(first, run)
  const properties = readObject(result['properties'])
  const tags = [...(rule?.tags ?? []), ...readTags(properties)]
  const cwes = listCwes({ result, properties, rule, run, tags })
  const { severity, source, vector, score } = judgeSeverity({ result, properties, rule })
  const finding = {
    kind: 'code' as const,
    scanner,
    ruleId,
    title,
    message: message || title,
    description: rule?.description ?? '',
    severity,
    severitySource: source,
    cvssVector: vector,
    cvssScore: score,
    cwes,
    aliases: [ruleId, ...tags].flatMap(findAdvisoryNames).slice(0, 20),
    ...place,
    helpUri: rule?.helpUri ?? null,
    fingerprint: readFingerprint(result, run.fingerprints),
    package: null,
    fixedIn: null,
    endpoint: null,
    resource: null,
    secret: null,
    isSecret: isSecretRule({ scanner, ruleId, tags, cwes }),
    suppressed: findSuppression(result),
    flow: readFlow(result, run),
    otherPlaces: others.slice(0, maxPlaces).flatMap((location) => toPlace(location, run)),
    ...readOwnWords(properties),
  }
  return { kind: 'finding', finding }
}

/** A rule's short description, unless it only repeats the rule's id: then what the result says. One sentence. */
function chooseTitle(input: { rule: SarifRule | undefined; ruleId: string; message: string }): string {
  const { rule, ruleId, message } = input
  const short = rule?.short ?? ''
  const text = short === '' || short.includes(ruleId) ? message || short || ruleId : short
  const line = text.replace(/\s+/g, ' ').trim()
  const sentence = /^.{10,}?[.!?](?= |$)/.exec(line)?.[0] ?? line
  return cleanText(sentence.replace(/\.$/, ''), maxTitle)
}

type CweSources = {
  result: JsonObject
  properties: JsonObject
  rule: SarifRule | undefined
  run: SarifRun
  tags: string[]
}

function listCwes({ result, properties, rule, run, tags }: CweSources): number[] {
  const taxa = readList(result['taxa']).flatMap((item) => {
    const reference = readObject(item)
    const component = readObject(reference['toolComponent'])
    const taxonomy = readWhole(component['index'])
    const name = readText(component['name']) ?? (taxonomy === undefined ? undefined : run.taxonomyNames[taxonomy])
    const id = readText(reference['id']) ?? run.taxa.get(`${taxonomy}/${readWhole(reference['index'])}`)
    return toCwe({ id, toolComponent: { name } })
  })
  const all = new Set([...(rule?.cwes ?? []), ...taxa, ...readCwes(properties, tags)])
  return [...all].toSorted((a, b) => a - b).slice(0, 20)
}

/** Suppressed when every suppression (§3.35) is in force: none under review, none rejected. */
function findSuppression(result: JsonObject): string | null {
  const all = readList(result['suppressions']).map(readObject)
  if (all.length === 0) return null
  const inForce = all.every((item) => (readText(item['status']) ?? 'accepted') === 'accepted')
  if (!inForce) return null
  const reason = all.map((item) => readText(item['justification'])).find((text) => text !== undefined)
  const where = all.some((item) => item['kind'] === 'inSource')
    ? 'suppressed in the source'
    : 'suppressed outside the source'
  return cleanText(reason === undefined ? where : `${where}: ${reason}`, 500)
}

function readFlow(result: JsonObject, run: SarifRun): Place[] {
  const flow = readObject(readList(result['codeFlows'])[0])
  const thread = readObject(readList(flow['threadFlows'])[0])
  const steps = readList(thread['locations']).slice(0, maxFlow)
  return steps.flatMap((step) => toPlace(readObject(step)['location'], run))
}

function toPlace(location: unknown, run: SarifRun): Place[] {
  const { path, startLine } = readRegion(location, run)
  if (path === null) return []
  const text = readText(readObject(readObject(location)['message'])['text'])
  return [{ path, line: startLine ?? 1, message: text === undefined ? null : cleanText(text, 500) }]
}
