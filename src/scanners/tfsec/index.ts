import { found, jsonFormat, skipped } from '../define-format.ts'
import { type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import type { ReportResult } from '../scanner.ts'
import { isItemOf, wishItems } from '../wish-items.ts'

/** tfsec's JSON (`tfsec -f json`): https://aquasecurity.github.io/tfsec/latest/guides/configuration/output/ */
export const tfsec = jsonFormat<null>({
  name: 'tfsec',
  title: 'tfsec',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    /"results"\s*:\s*\[/.test(head) &&
    /"rule_description"\s*:/.test(head) &&
    /"rule_provider"\s*:|"long_id"\s*:|"rule_id"\s*:/.test(head),
  wish: wishItems(['results']),
  isResult: (path) => isItemOf(path, 'results'),
  newContext: () => null,
  tools: () => [{ name: 'tfsec', version: null, problem: null }],
  read: (value) => [toResult(readObject(value))],
})

function toResult(result: JsonObject): ReportResult {
  const id = toRuleId(result)
  const status = readStatus(result)
  const location = readObject(result['location'])
  const text = withoutColours(readText(result['description']) ?? readText(result['rule_description']) ?? '')
  const path = readText(location['filename'])
  if (status === 'passed') return skipped('passed', `${id} in ${path ?? ''}`, text === '' ? null : text)
  const startLine = readLine(location['start_line'])
  return found(
    makeFinding({
      kind: 'configuration',
      scanner: 'tfsec',
      ruleId: id,
      title: withoutColours(readText(result['rule_description']) ?? text),
      message: text,
      description: describe(result),
      ...rateFinding({ word: result['severity'] }),
      cwes: [],
      path,
      startLine,
      endLine: readLine(location['end_line']) ?? startLine,
      resource: readText(result['resource']) ?? readResource(text),
      helpUri: readLink(result),
      suppressed: status === 'ignored' ? 'Ignored by a comment or the configuration of tfsec' : null,
    }),
  )
}

/**
 * Three names were used: AWS050 (now legacy_rule_id), then aws-vpc-no-excessive-port-access (now long_id), then
 * AVD-AWS-0102. The middle one stands in most reports.
 */
function toRuleId(result: JsonObject): string {
  return readText(result['long_id']) ?? readText(result['rule_id']) ?? ''
}

/** A word, since 0.63 a number, and at first whether it passed. */
function readStatus({ status, passed }: JsonObject): 'failed' | 'passed' | 'ignored' {
  if (status === 'passed' || status === 1 || (status === undefined && passed === true)) return 'passed'
  return status === 'ignored' || status === 2 ? 'ignored' : 'failed'
}

function readResource(text: string): string | null {
  return /^(?:Resource|Block|Module|Variable|Output|Local|Data) '([^']{1,300})'/.exec(text)?.[1] ?? null
}

/** At first it stood in a sentence: "See https://… for more information." */
function readLink(result: JsonObject): string | undefined {
  const [link] = [...readList(result['links']), result['link']].flatMap((one) => readText(one) ?? [])
  return /https?:\S+/.exec(link ?? '')?.[0]
}

/** Words meant for a terminal: `<blue>encrypted = true</blue>`. */
function withoutColours(text: string): string {
  return text.replace(/<\/?(?:blue|red|green|yellow|magenta|cyan|white|bold|dim|italic|underline|reset)>/g, '')
}

function describe(result: JsonObject): string {
  const impact = readText(result['impact'])
  const resolution = readText(result['resolution'])
  return [
    ...(impact === undefined ? [] : [`Impact: ${withoutColours(impact)}`]),
    ...(resolution === undefined ? [] : [`Resolution: ${withoutColours(resolution)}`]),
  ].join('\n\n')
}
