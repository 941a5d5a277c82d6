import type { Severity } from '../../domain/severity.ts'
import { found } from '../define-format.ts'
import { isObject, type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import type { Place, ReportResult } from '../scanner.ts'

/** https://semgrep.dev/docs/writing-rules/rule-syntax: INFO is low; the last two are lists, no problems. */
export const severities: ReadonlyMap<string, Severity> = new Map([
  ['info', 'low'],
  ['inventory', 'notification'],
  ['experiment', 'notification'],
])

export function toCodeFinding(result: JsonObject): ReportResult {
  const extra = readObject(result['extra'])
  const metadata = readObject(extra['metadata'])
  const start = readObject(result['start'])
  const message = readText(extra['message']) ?? ''
  const startLine = readLine(start['line'])
  const fix = readText(extra['fix'])
  return found(
    makeFinding({
      kind: 'code',
      scanner: 'Semgrep',
      ruleId: toRuleId(readText(result['check_id']) ?? ''),
      title: message,
      message,
      description: [...listLinks(metadata), ...(fix === undefined ? [] : [`Suggested: \`${fix}\``])].join('\n'),
      ...rateFinding({ word: extra['severity'], words: severities }),
      cwes: readCwes(metadata['cwe']),
      tags: [
        readText(result['check_id']) ?? '',
        ...readList(metadata['vulnerability_class']).flatMap((one) => readText(one) ?? []),
      ],
      path: readText(result['path']),
      startLine,
      endLine: readLine(readObject(result['end'])['line']) ?? startLine,
      startColumn: readLine(start['col']),
      snippet: withoutPlaceholder(extra['lines']),
      helpUri: readText(metadata['source']) ?? readText(metadata['shortlink']) ?? listLinks(metadata)[0],
      fingerprint: withoutCounter(extra['fingerprint']),
      flow: readTrace(extra['dataflow_trace']),
      suppressed: extra['is_ignored'] === true ? 'Marked with nosemgrep' : null,
    }),
  )
}

/** In front of a rule's own name stands where it was loaded from: a folder of the registry, or of the build machine. */
export function toRuleId(checkId: string): string {
  return checkId.slice(checkId.lastIndexOf('.') + 1)
}

/** Who is not logged in reads "requires login" instead of some texts. */
function withoutPlaceholder(value: unknown): string | null {
  const text = readText(value)
  return text === undefined || text.trim() === 'requires login' ? null : text
}

/** Behind the underscore stands which one of equal findings it is; where the others went tells that better. */
export function withoutCounter(value: unknown): string | null {
  return withoutPlaceholder(value)?.replace(/_\d{1,6}$/, '') ?? null
}

function listLinks(metadata: JsonObject): string[] {
  return [metadata['references']].flat().flatMap((link) => readText(link) ?? [])
}

/** From where tainted data comes to where it must not go. */
function readTrace(value: unknown): Place[] {
  const trace = readObject(value)
  const places = [trace['taint_source'], ...readList(trace['intermediate_vars']), trace['taint_sink']].flatMap(
    (step) => findPlace(step, 0) ?? [],
  )
  return places.length > 1 ? places : []
}

/** The first place inside a step: `{location}` at first, later `["CliLoc", [place, text]]` or `["CliCall", …]`. */
function findPlace(value: unknown, depth: number): Place | null {
  if (depth > 4) return null
  if (Array.isArray(value)) {
    for (const one of readList(value)) {
      const place = findPlace(one, depth + 1)
      if (place !== null) return place
    }
    return null
  }
  if (!isObject(value)) return null
  const path = readText(value['path'])
  const line = readLine(readObject(value['start'])['line'])
  if (path !== undefined && line !== null) return { path, line, message: null }
  return findPlace(value['location'], depth + 1)
}
