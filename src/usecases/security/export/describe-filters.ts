import type { VulnerabilityFilters } from '../../../store/security/vulnerability-filters.ts'

/** What people call an asset or a member; undefined for an id that is not of the organization. */
export type NameOf = (id: string) => string | undefined

/** More values of one filter than this are counted. */
const namedAtMost = 5

/** The filters in words for people, each a part of a sentence; none for the whole list. What was searched for is not told. */
export function describeFilters(filters: VulnerabilityFilters, nameOf: NameOf): string[] {
  const named = (id: string) => nameOf(id) ?? 'one that is not here'
  const assignee = (id: string) => (id === 'me' ? 'themselves' : id === 'nobody' ? 'nobody' : named(id))
  return [
    ...(filters.q === undefined ? [] : ['words that were searched for']),
    ...either(filters.open, 'open', 'closed'),
    ...list('severity', filters.severity, filters.severity_not),
    ...list('status', filters.status?.map(spaced), filters.status_not?.map(spaced)),
    ...list('asset', filters.asset_id?.map(named), filters.asset_id_not?.map(named)),
    ...list('business impact', filters.business_impact),
    ...(filters.exposure === undefined ? [] : [`exposure ${filters.exposure}`]),
    ...either(filters.sensitive_data, 'assets with sensitive data', 'assets without sensitive data'),
    tellBranch(filters.branch),
    ...list('scanner', filters.scanner, filters.scanner_not),
    ...list('kind', filters.kind?.map(spaced), filters.kind_not?.map(spaced)),
    ...(filters.source === undefined ? [] : [filters.source === 'scan' ? 'told by scans' : 'written down by people']),
    ...list('tag', filters.tag, filters.tag_not),
    ...list('assignee', filters.assignee_id?.map(assignee), filters.assignee_id_not?.map(assignee)),
    ...either(filters.unread, 'with unread messages', 'without unread messages'),
    ...either(filters.sent, 'sent', 'not sent'),
    ...list('deadline', filters.sla?.map(spaced)),
    ...either(filters.known_exploited, 'known to be exploited', 'not known to be exploited'),
    ...(filters.epss_from === undefined ? [] : [`EPSS from ${Number((filters.epss_from * 100).toFixed(2))} %`]),
    ...list('CWE', filters.cwe?.map(String), filters.cwe_not?.map(String)),
    ...(filters.opened_from === undefined ? [] : [`opened from ${filters.opened_from}`]),
    ...(filters.opened_to === undefined ? [] : [`opened until ${filters.opened_to}`]),
  ]
}

function tellBranch(branch: string | undefined): string {
  if (branch === undefined) return 'default branches'
  return branch === '*' ? 'all branches' : `branch ${branch}`
}

function either(value: boolean | undefined, yes: string, no: string): string[] {
  return value === undefined ? [] : [value ? yes : no]
}

function list(what: string, values: readonly string[] = [], left: readonly string[] = []): string[] {
  return [
    ...(values.length === 0 ? [] : [`${what} ${join(values)}`]),
    ...(left.length === 0 ? [] : [`${what} not ${join(left)}`]),
  ]
}

const spaced = (term: string) => term.replaceAll('_', ' ')

function join(values: readonly string[]): string {
  const told = values.slice(0, namedAtMost)
  const rest = values.length - told.length
  return [told.join(', '), ...(rest === 0 ? [] : [`${rest} more`])].join(' and ')
}
