import { countOf } from '../count-of.ts'
import { found, type JsonFormat, jsonFormat, skipped } from '../define-format.ts'
import { isObject } from '../json-fields.ts'
import { findWays, type KnownWays, noteWay } from '../known-ways.ts'
import { listOrLines } from '../list-or-lines.ts'
import { addEntry, findMain, type Problems } from '../same-problem.ts'
import type { ReportResult } from '../scanner.ts'
import { readMatch, toFinding } from './match.ts'

type Context = { problems: Problems; extracted: KnownWays; exchanges: number }

/**
 * Nuclei's JSON (`-jsonl`, `-json-export`): https://docs.projectdiscovery.io/tools/nuclei/running, and of version 2.3 and
 * before, which had other names. A match is its template, matcher and page: what it drew out of the answer is told, and
 * does not tell two of them apart.
 */
const base: Omit<JsonFormat<Context>, 'wish' | 'documents'> = {
  name: 'nuclei',
  title: 'Nuclei',
  recognise: (head) =>
    /^\s*[[{]/.test(head) &&
    /"template(-id|ID)"\s*:/.test(head) &&
    /"(matched|matched-at|matcher[-_]name|matcher-status|template-path|template-url)"\s*:/.test(head),
  isResult: (path) => path.length === 1,
  newContext: () => ({ problems: new Map(), extracted: new Map(), exchanges: 0 }),
  learn: (context, { value, at }) => {
    if (!isObject(value)) return
    if (value['request'] !== undefined || value['response'] !== undefined) context.exchanges += 1
    const match = readMatch(value)
    if (match === null || match.isMiss) return
    const { key, rating, extracted } = match
    addEntry(context.problems, { key, id: String(at), severity: rating.severity, place: null })
    for (const text of extracted) noteWay(context.extracted, key, text)
  },
  tools: () => [{ name: 'Nuclei', version: null, problem: null }],
  unread: ({ exchanges }) =>
    exchanges === 0 ? [] : [`${countOf(exchanges, 'recorded request')} of Nuclei, which Weir does not keep.`],
  read: (value, context, [index], at) => [toResult(value, context, { number: Number(index) + 1, id: String(at) })],
}

export const nuclei = listOrLines(
  jsonFormat({ ...base, wish: (path) => (path.length === 0 ? 'enter' : 'take') }),
  jsonFormat({ ...base, documents: 'many', wish: () => 'take' }),
)

type Entry = { number: number; id: string }

function toResult(value: unknown, { problems, extracted }: Context, { number, id }: Entry): ReportResult {
  const match = isObject(value) ? readMatch(value) : null
  if (match === null) return skipped('unreadable', `Entry ${number}`, 'without the id of a template')
  const label = `${match.title} at ${match.address}`
  if (match.isMiss) return skipped('not_matched', label, 'the template did not match')
  const main = findMain(problems, { key: match.key, id })
  if (main === null) return skipped('repeated', label, 'the same template, matcher and page')
  return found(toFinding(match, findWays(extracted, match.key).ways))
}
