import type * as z from 'zod'

type Issue = z.core.$ZodIssue

const words: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** One of several in words, as in `"a", "b" or 3`. */
function anyOf(values: readonly unknown[]): string {
  const quoted = values.map((one) => JSON.stringify(one))
  const last = quoted.pop() ?? ''
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`
}

function boundOf({ origin }: { origin: string }, word: string, bound: number | bigint): string {
  const unit = origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : ''
  return unit === '' ? `must be ${word} ${bound}` : `must have ${word} ${bound}${unit}`
}

function wrongType(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  return `must be ${words[issue.expected] ?? issue.expected}`
}

/** What a value must be, after its name. */
function demandOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue)
    case 'invalid_value':
      return `must be ${anyOf(issue.values)}`
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? `must be ${anyOf(issue.options)}` : issue.message
    case 'too_small':
      return boundOf(issue, 'at least', issue.minimum)
    case 'too_big':
      return boundOf(issue, 'at most', issue.maximum)
    case 'invalid_format':
      return issue.format === 'datetime'
        ? 'must be a date and time with its zone, as in 2026-06-09T06:00:00Z'
        : issue.message
    default:
      return issue.message
  }
}

/** Whether what is complained of is not there at all: an option of a union names the field that tells them apart. */
function isMissing({ code, path }: Issue, wanted: unknown): boolean {
  if (path.length === 0 || code === 'unrecognized_keys') return false
  let here: unknown = wanted
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return false
    here = Reflect.get(here, key)
  }
  return here === undefined
}

function sayIssue(issue: Issue, wanted: unknown): string {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const where = field === '' ? '' : ` in ${field}`
    return `there is no field ${anyOf(issue.keys)}${where}`
  }
  const demand = demandOf(issue)
  if (isMissing(issue, wanted)) return `${field} is missing: it ${demand}`
  return `${field === '' ? 'the body' : field} ${demand}`
}

/** What is wrong with what somebody wrote, every field by its name. */
export function toProblem(error: z.core.$ZodError, wanted: unknown): string {
  return error.issues.map((issue) => sayIssue(issue, wanted)).join('; ')
}
