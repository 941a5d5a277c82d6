import * as z from 'zod'
import { vulnerabilityFilters, vulnerabilitySources } from '../../contract/security/vulnerability-filters.ts'
import { businessImpacts } from '../domain/business-impact.ts'
import { findingKinds } from '../domain/finding-kind.ts'
import { severities } from '../domain/severity.ts'
import { slaStates } from '../domain/sla/judge-sla.ts'
import { statuses } from '../domain/status.ts'
import { AppError } from '../lib/app-error.ts'

type FilterName = keyof typeof vulnerabilityFilters

const choices = new Intl.ListFormat('en', { type: 'disjunction', style: 'long' })
const oneOf = (values: readonly string[]) => choices.format(values)
const truth = 'true or false, once'
const member = 'the id of a member, me, or nobody'
const asset = 'the id of an asset'
const day = 'one day such as 2026-01-31'
const weakness = 'the number of a CWE, such as 79'
const short = 'at most 100 characters'

/** What each filter takes, in words. */
const wanted: Readonly<Record<FilterName, string>> = {
  q: 'words of at most 300 characters',
  severity: oneOf(severities),
  severity_not: oneOf(severities),
  status: oneOf(statuses),
  status_not: oneOf(statuses),
  open: truth,
  asset_id: asset,
  asset_id_not: asset,
  business_impact: oneOf(businessImpacts),
  exposure: 'internal or internet',
  sensitive_data: truth,
  branch: 'one branch, or * for all',
  scanner: short,
  scanner_not: short,
  kind: oneOf(findingKinds),
  kind_not: oneOf(findingKinds),
  source: oneOf(vulnerabilitySources),
  tag: short,
  tag_not: short,
  assignee_id: member,
  assignee_id_not: member,
  unread: truth,
  sent: truth,
  sla: oneOf(slaStates),
  known_exploited: truth,
  epss_from: 'one number from 0 to 1',
  cwe: weakness,
  cwe_not: weakness,
  opened_from: day,
  opened_to: day,
}

/** Those that have an option of their own. */
const ownOptions = new Set(['severity', 'status', 'scanner', 'branch', 'q'])

/** Names as in the API, lists repeated. Throws `validation_failed` with what each wrong one takes. */
export function parseFilters(query: URLSearchParams) {
  const names = [...new Set(query.keys())]
  const given = Object.fromEntries(names.map((name) => [name, oneOrAll(query.getAll(name))]))
  const parsed = z.strictObject(vulnerabilityFilters).safeParse(given)
  if (parsed.success) return parsed.data
  const sentences = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => tellUnknown(name, query))
      : [tellWrong(issue.path, query)],
  )
  throw new AppError('validation_failed', [...new Set(sentences)].join('\n'))
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [first = ''] = values
  return values.length === 1 ? first : values
}

function tellUnknown(name: string, query: URLSearchParams): string {
  return `--filter ${name}=${query.get(name) ?? ''}: there is no such filter. There are ${Object.keys(wanted).join(', ')}.`
}

/** `path`: the filter's name, and the place of the value where it may be repeated. */
function tellWrong([name, place]: readonly PropertyKey[], query: URLSearchParams): string {
  const filter = Object.entries(wanted).find(([one]) => one === name)
  if (filter === undefined) throw new Error(`No words for the filter ${String(name)}.`)
  const [known, wish] = filter
  const values = query.getAll(known)
  const value = typeof place === 'number' ? (values[place] ?? '') : values.join(', ')
  return ownOptions.has(known) ? `--${known} ${value}: choose ${wish}.` : `--filter ${known}=${value}: choose ${wish}.`
}

/**
 * The same for another Weir, which may know filters that this one does not: those it judges itself.
 * Throws `validation_failed`.
 */
export function checkFilters(query: URLSearchParams): void {
  const known = [...query].filter(([name]) => Object.hasOwn(wanted, name))
  parseFilters(new URLSearchParams(known))
}
