import { found, jsonFormat, skipped } from '../define-format.ts'
import { type JsonObject, readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import type { ReportResult } from '../scanner.ts'

type Context = { failures: number; vulnerabilities: number }

const lists = new Set<string | number>(['violations', 'skipped_violations', 'passed_rules'])

/** Terrascan's JSON (`terrascan scan -o json`): https://runterrascan.io/docs/usage/command_line_mode/ */
export const terrascan = jsonFormat<Context>({
  name: 'terrascan',
  title: 'Terrascan',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    /"results"\s*:\s*\{/.test(head) &&
    (/"policies_validated"\s*:/.test(head) ||
      /"scan_errors"\s*:\s*\[\s*\{[^{}]{0,2000}"iac_type"\s*:/.test(head) ||
      (/"rule_name"\s*:/.test(head) && /"resource_type"\s*:/.test(head) && /"violations"\s*:/.test(head))),
  wish,
  isResult,
  newContext: () => ({ failures: 0, vulnerabilities: 0 }),
  learn: (context, { path: [, list, index] }) => {
    if (index === undefined) return
    if (list === 'scan_errors') context.failures += 1
    else if (list === 'vulnerabilities') context.vulnerabilities += 1
  },
  tools: () => [{ name: 'Terrascan', version: null, problem: null }],
  unread: ({ failures, vulnerabilities }) => [
    // It tries every kind of configuration and tells of each that is not there.
    ...(failures === 0 ? [] : [`Kinds of configuration that Terrascan could not load from a folder: ${failures}.`]),
    ...(vulnerabilities === 0
      ? []
      : [`Vulnerabilities of images that Terrascan asked a registry for: ${vulnerabilities}.`]),
  ],
  read: (value, _, [, list]) => [toResult(readObject(value), String(list))],
})

function wish([top, list, index]: JsonPath): Wish {
  if (top === undefined) return 'enter'
  if (top !== 'results') return 'skip'
  if (list === undefined) return 'enter'
  if (!lists.has(list) && list !== 'scan_errors' && list !== 'vulnerabilities') return 'skip'
  return index === undefined ? 'enter' : 'take'
}

function isResult([, list, index]: JsonPath): boolean {
  return typeof index === 'number' && lists.has(list ?? '')
}

function toResult(violation: JsonObject, list: string): ReportResult {
  const id = readText(violation['rule_id']) ?? readText(violation['rule_name']) ?? ''
  const text = readText(violation['description']) ?? ''
  if (list === 'passed_rules') return skipped('passed', id, text === '' ? null : text)
  const type = readText(violation['resource_type'])
  const name = readText(violation['resource_name'])
  const resource = [type, name].filter((part) => part !== undefined).join('.')
  return found(
    makeFinding({
      kind: 'configuration',
      scanner: 'Terrascan',
      ruleId: id,
      title: text,
      message: text,
      description: readText(violation['category']) ?? '',
      ...rateFinding({ word: violation['severity'] }),
      cwes: [],
      tags: [readText(violation['rule_name']) ?? ''],
      path: readText(violation['file']),
      startLine: readLine(violation['line']),
      resource: resource === '' ? null : resource,
      suppressed:
        list === 'skipped_violations' ? (readText(violation['skip_comment']) ?? 'Skipped by a comment') : null,
    }),
  )
}
