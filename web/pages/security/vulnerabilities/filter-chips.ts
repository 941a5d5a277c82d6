import { slaWords } from '../../../ui/sla.tsx'
import { severityWords, statusWords, toWords } from '../../../ui/words.ts'
import type { VulnerabilitySearch } from './vulnerability-search.ts'

/** One filter that is set, and what the address is without it. */
export type Chip = { readonly label: string; readonly without: VulnerabilitySearch }

export const noFilters: VulnerabilitySearch = {
  q: undefined,
  severity: undefined,
  severity_not: undefined,
  status: undefined,
  status_not: undefined,
  scanner: undefined,
  scanner_not: undefined,
  kind: undefined,
  kind_not: undefined,
  source: undefined,
  tag: undefined,
  tag_not: undefined,
  asset_id: undefined,
  asset_id_not: undefined,
  business_impact: undefined,
  exposure: undefined,
  sensitive_data: undefined,
  assignee_id: undefined,
  assignee_id_not: undefined,
  branch: undefined,
  unread: undefined,
  sent: undefined,
  sla: undefined,
  known_exploited: undefined,
  epss_from: undefined,
  cwe: undefined,
  cwe_not: undefined,
  opened_from: undefined,
  opened_to: undefined,
}

type Lists = {
  [Key in keyof VulnerabilitySearch as NonNullable<VulnerabilitySearch[Key]> extends readonly string[]
    ? Key
    : never]: VulnerabilitySearch[Key]
}

/** A chip for each value of a list. */
function ofList<Value extends string>(
  values: readonly Value[] | undefined,
  say: (value: Value) => string,
  without: (left: Value[]) => Lists,
): Chip[] {
  return (values ?? []).map((value) => ({
    label: say(value),
    without: without((values ?? []).filter((other) => other !== value)),
  }))
}

const not = (words: string) => `Not ${words}`

/** Every filter that is set but for the branch, in the order of the bar. */
export function toChips(search: VulnerabilitySearch, nameOf: (id: string) => string): Chip[] {
  return [
    ...(search.q === undefined ? [] : [{ label: `“${search.q}”`, without: { q: undefined } }]),
    ...ofList(
      search.severity,
      (one) => severityWords[one],
      (severity) => ({ severity }),
    ),
    ...ofList(
      search.severity_not,
      (one) => not(severityWords[one]),
      (left) => ({ severity_not: left }),
    ),
    ...ofList(
      search.status,
      (one) => statusWords[one].label,
      (status) => ({ status }),
    ),
    ...ofList(
      search.status_not,
      (one) => not(statusWords[one].label),
      (left) => ({ status_not: left }),
    ),
    ...ofList(
      search.scanner,
      (one) => one,
      (scanner) => ({ scanner }),
    ),
    ...ofList(search.scanner_not, not, (left) => ({ scanner_not: left })),
    ...ofList(search.asset_id, nameOf, (left) => ({ asset_id: left })),
    ...ofList(
      search.asset_id_not,
      (id) => not(nameOf(id)),
      (left) => ({ asset_id_not: left }),
    ),
    ...ofList(search.assignee_id, nameOf, (left) => ({ assignee_id: left })),
    ...ofList(
      search.assignee_id_not,
      (id) => not(nameOf(id)),
      (left) => ({ assignee_id_not: left }),
    ),
    ...toRareChips(search),
    ...toAssetChips(search),
    ...toSingleChips(search),
  ]
}

/** Those behind “More filters”. */
function toRareChips(search: VulnerabilitySearch): Chip[] {
  return [
    ...ofList(
      search.sla,
      (one) => `Deadline: ${slaWords[one].label.toLowerCase()}`,
      (sla) => ({ sla }),
    ),
    ...ofList(
      search.tag,
      (one) => `Tag ${one}`,
      (tag) => ({ tag }),
    ),
    ...ofList(
      search.tag_not,
      (one) => `Without tag ${one}`,
      (left) => ({ tag_not: left }),
    ),
    ...ofList(search.kind, toWords, (kind) => ({ kind })),
    ...ofList(
      search.kind_not,
      (one) => not(toWords(one)),
      (left) => ({ kind_not: left }),
    ),
    ...ofList(
      search.cwe,
      (one) => `CWE-${one}`,
      (cwe) => ({ cwe }),
    ),
    ...ofList(
      search.cwe_not,
      (one) => not(`CWE-${one}`),
      (left) => ({ cwe_not: left }),
    ),
  ]
}

/** What is asked of the assets. */
function toAssetChips(search: VulnerabilitySearch): Chip[] {
  const { exposure, sensitive_data: sensitive } = search
  return [
    ...ofList(
      search.business_impact,
      (one) => `${toWords(one)} business impact`,
      (left) => ({ business_impact: left }),
    ),
    ...single(exposure, exposure === 'internet' ? 'Internet-facing' : 'Internal', { exposure: undefined }),
    ...single(sensitive, sensitive === 'true' ? 'Sensitive data' : 'No sensitive data', { sensitive_data: undefined }),
  ]
}

function toSingleChips(search: VulnerabilitySearch): Chip[] {
  const { source, unread, sent, known_exploited: exploited, epss_from: epss, opened_from: from, opened_to: to } = search
  return [
    ...single(source, source === 'person' ? 'Written down by people' : 'Told by scans', { source: undefined }),
    ...single(unread, 'Unread messages', { unread: undefined }),
    ...single(sent, sent === 'true' ? 'Sent' : 'Not sent', { sent: undefined }),
    ...single(exploited, exploited === 'true' ? 'Known to be exploited' : 'Not known to be exploited', {
      known_exploited: undefined,
    }),
    ...single(epss, `EPSS from ${Number((Number(epss) * 100).toFixed(2))} %`, { epss_from: undefined }),
    ...single(from, `Opened from ${from}`, { opened_from: undefined }),
    ...single(to, `Opened until ${to}`, { opened_to: undefined }),
  ]
}

function single(value: string | undefined, label: string, without: VulnerabilitySearch): Chip[] {
  return value === undefined ? [] : [{ label, without }]
}
