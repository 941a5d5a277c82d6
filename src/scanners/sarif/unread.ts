import { readObject } from '../json-fields.ts'

/** Fields of a result that tell something Weir does not show yet. */
const resultFields = [
  'attachments',
  'fixes',
  'graphs',
  'stacks',
  'webRequest',
  'webResponse',
  'relatedLocations',
  'workItemUris',
]
/** Parts of a run that are passed over. */
const runFields = [
  'addresses',
  'conversion',
  'graphs',
  'logicalLocations',
  'policies',
  'translations',
  'webRequests',
  'webResponses',
]
const external = ['externalPropertyFileReferences', 'inlineExternalProperties']

/** Counts what is not read, so that the summary of an import can say so. */
export type UnreadCounts = Map<string, number>

export function countUnreadResult(value: unknown, counts: UnreadCounts): void {
  const result = readObject(value)
  for (const field of resultFields) if (result[field] !== undefined) add(counts, field)
  const flows = result['codeFlows']
  if (Array.isArray(flows) && flows.length > 1) add(counts, 'codeFlows')
}

export function countUnreadRun(field: string, counts: UnreadCounts): void {
  if (runFields.includes(field)) add(counts, `run.${field}`)
  if (external.includes(field)) add(counts, `external.${field}`)
}

/** Something longer than is read: a whole result, or another part of a run. */
export function countOversized(what: 'result' | 'part', counts: UnreadCounts): void {
  add(counts, `oversized.${what}`)
}

/** One sentence a kind of thing, with its count. */
export function describeUnread(counts: UnreadCounts, maxBytes: number): string[] {
  return [...counts].map(([field, count]) => {
    if (field.startsWith('oversized.')) return describeOversized(field.slice(10), count, maxBytes)
    if (field === 'codeFlows') return `${results(count)} more than one data flow; the first is kept.`
    if (field.startsWith('external.'))
      return `Results or rules that lie in other files (${field.slice(9)}) are not read.`
    if (field.startsWith('run.'))
      return `${count === 1 ? '1 run has' : `${count} runs have`} "${field.slice(4)}", which is not read.`
    return `${results(count)} "${field}", which is not read.`
  })
}

function describeOversized(what: string, count: number, maxBytes: number): string {
  const [subject, are] = count === 1 ? [`1 ${what} of a run is`, 'is'] : [`${count} ${what}s of runs are`, 'are']
  const limit = `${Math.round(maxBytes / 1024).toLocaleString('en')} kB`
  return `${subject} longer than ${limit} and ${are} not read. Because of that, nothing of the scanner is closed.`
}

function results(count: number): string {
  return count === 1 ? '1 result has' : `${count} results have`
}

function add(counts: UnreadCounts, field: string): void {
  counts.set(field, (counts.get(field) ?? 0) + 1)
}
