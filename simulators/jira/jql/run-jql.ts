import { findIssue, mayIn } from '../auth/permission.ts'
import { badRequest } from '../jira-error.ts'
import type { Issue } from '../model.ts'
import { type Asker, findJqlField, type JqlField } from './jql-fields.ts'
import { type Clause, type Jql, type Operator, parseJql, type Value } from './parse-jql.ts'
import { readMoment } from './read-moment.ts'

type Test = (issue: Issue) => boolean

interface Term {
  field: string
  operator: Operator
  values: Value[]
}

const mostOrderFields = 7

function getField(asker: Asker, name: string): JqlField {
  const field = findJqlField(asker.sim, name)
  if (field !== undefined) return field
  throw badRequest(`Field '${name}' does not exist or you do not have permission to view it.`)
}

function unsupported(term: Term): Error {
  return badRequest(`The operator '${term.operator}' is not supported by the '${term.field}' field.`)
}

/** The name a value stands for; '' is emptiness. */
function resolveName(
  field: Extract<JqlField, { kind: 'names' }>,
  name: string,
  at: { value: Value; asker: Asker },
): string {
  const { value, asker } = at
  switch (value.kind) {
    case 'empty':
      return ''
    case 'call':
      if (
        value.name.toLowerCase() === 'currentuser' &&
        ['assignee', 'reporter', 'creator'].includes(name.toLowerCase())
      )
        return asker.person?.accountId ?? '-'
      throw badRequest(`Unable to find JQL function '${value.name}(${value.args.join(', ')})'.`)
    case 'text': {
      const found = field.resolve(value.text, asker)
      if (found === undefined) throw badRequest(`The value '${value.text}' does not exist for the field '${name}'.`)
      return found === 'unresolved' ? '' : found
    }
    default:
      return value satisfies never
  }
}

function namesTest(field: Extract<JqlField, { kind: 'names' }>, term: Term, asker: Asker): Test {
  const wanted = term.values.map((value) => resolveName(field, term.field, { value, asker }))
  const isAmong: Test = (issue) => {
    const has = field.of(issue)
    return wanted.some((one) => (one === '' ? has.length === 0 : has.includes(one)))
  }
  switch (term.operator) {
    case '=':
    case 'in':
    case 'is':
      return isAmong
    case '!=':
    case 'not in':
      // As in Jira, an issue without a value is not found by an inequality.
      return (issue) => field.of(issue).length > 0 && !isAmong(issue)
    case 'is not':
      return (issue) => !isAmong(issue)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return rankTest(field, term, asker)
    case '~':
    case '!~':
      throw unsupported(term)
    default:
      return term.operator satisfies never
  }
}

function compare(operator: Operator, left: number, right: number): boolean {
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  if (operator === '>') return left > right
  if (operator === '>=') return left >= right
  return operator === '!=' ? left !== right : left === right
}

/** Keys can be compared: only within the project of the value. */
function rankTest(field: Extract<JqlField, { kind: 'names' }>, term: Term, asker: Asker): Test {
  const [value] = term.values
  const other = value?.kind === 'text' ? findIssue(asker.sim, value.text) : undefined
  if (!/^(issue)?key$|^id$|^issue$/i.test(term.field) || other === undefined) throw unsupported(term)
  return (issue) => issue.project === other.project && compare(term.operator, issue.number, other.number)
}

function textTest(field: Extract<JqlField, { kind: 'text' }>, term: Term): Test {
  const [value] = term.values
  if (term.operator === 'is' || term.operator === 'is not') {
    if (value?.kind !== 'empty') throw unsupported(term)
    return (issue) => (field.of(issue) === '') === (term.operator === 'is')
  }
  if ((term.operator !== '~' && term.operator !== '!~') || value?.kind !== 'text') throw unsupported(term)
  const phrase = /^"(.*)"$/s.exec(value.text)?.[1]
  const words = (phrase === undefined ? value.text.split(/\s+/) : [phrase]).map((one) =>
    one.replaceAll('*', '').toLowerCase(),
  )
  const finds: Test = (issue) => {
    const text = field.of(issue).toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return term.operator === '~' ? finds : (issue) => !finds(issue)
}

function momentTest(field: Extract<JqlField, { kind: 'moment' }>, term: Term, asker: Asker): Test {
  const [value] = term.values
  if (term.operator === 'is' || term.operator === 'is not') {
    if (value?.kind !== 'empty') throw unsupported(term)
    return (issue) => (field.of(issue, asker) === null) === (term.operator === 'is')
  }
  if (!['=', '!=', '<', '<=', '>', '>='].includes(term.operator) || value === undefined) throw unsupported(term)
  const moment = readMoment(value, term.field, { now: asker.now, timeZone: asker.person?.timeZone ?? 'Etc/UTC' })
  return (issue) => {
    const has = field.of(issue, asker)
    return has !== null && compare(term.operator, has, moment)
  }
}

function toTest(clause: Clause, asker: Asker): Test {
  switch (clause.kind) {
    case 'and': {
      const tests = clause.parts.map((part) => toTest(part, asker))
      return (issue) => tests.every((test) => test(issue))
    }
    case 'or': {
      const tests = clause.parts.map((part) => toTest(part, asker))
      return (issue) => tests.some((test) => test(issue))
    }
    case 'not': {
      const test = toTest(clause.part, asker)
      return (issue) => !test(issue)
    }
    case 'term': {
      const field = getField(asker, clause.field)
      if (field.kind === 'names') return namesTest(field, clause, asker)
      return field.kind === 'text' ? textTest(field, clause) : momentTest(field, clause, asker)
    }
    default:
      return clause satisfies never
  }
}

type Rank = number | string

function rankOf(field: JqlField, issue: Issue, asker: Asker): Rank {
  switch (field.kind) {
    case 'text':
      return field.of(issue).toLowerCase()
    case 'moment':
      return field.of(issue, asker) ?? Number.POSITIVE_INFINITY
    case 'names':
      return field.rank?.(issue) ?? field.of(issue)[0] ?? ''
    default:
      return field satisfies never
  }
}

function order(jql: Jql, asker: Asker): (one: Issue, other: Issue) => number {
  if (jql.order.length > mostOrderFields)
    throw badRequest(`The maximum number of fields in ORDER BY is ${mostOrderFields}.`)
  const fields = jql.order.map(({ field, isDescending }) => ({
    field: getField(asker, field),
    sign: isDescending ? -1 : 1,
  }))
  return (one, other) => {
    for (const { field, sign } of fields) {
      const [left, right] = [rankOf(field, one, asker), rankOf(field, other, asker)]
      if (left < right) return -sign
      if (left > right) return sign
    }
    return other.created - one.created
  }
}

/** Whether an issue is what a filter of a webhook asks for. */
export function matchesJql(asker: Asker, text: string, issue: Issue): boolean {
  const { where } = parseJql(text)
  return where === null || toTest(where, asker)(issue)
}

/** Issues the asker may see that the query finds, in its order. Throws Jira's 400; a query must restrict something. */
export function runJql(asker: Asker, text: string, freshIds: ReadonlySet<string> = new Set()): Issue[] {
  const jql = parseJql(text)
  if (jql.where === null)
    throw badRequest('Unbounded JQL queries are not allowed here. Please add a search restriction to your query.')
  const test = toTest(jql.where, asker)
  const sort = order(jql, asker)
  const horizon = asker.now - asker.sim.switches.searchIndexDelayMs
  const isIndexed: Test = (issue) =>
    asker.sim.switches.searchIndexDelayMs === 0 ||
    (issue.touches[0] ?? issue.created) <= horizon ||
    freshIds.has(issue.id)
  return asker.sim.issues
    .filter((issue) => mayIn(issue.project, asker.person, 'view') && isIndexed(issue) && test(issue))
    .toSorted(sort)
}

/** Throws Jira's 400 for a filter that cannot be read or names what does not exist. */
export function assertJql(asker: Asker, text: string): void {
  const { where } = parseJql(text)
  if (where !== null) toTest(where, asker)
}
