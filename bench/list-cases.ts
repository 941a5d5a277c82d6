import type { listVulnerabilities } from '../src/usecases/security/vulnerabilities/list-vulnerabilities.ts'

export type ListQuery = Parameters<typeof listVulnerabilities>[1]['query']
export type ListCase = { name: string; query: ListQuery }

const someAsset = '00000000-0000-7000-8001-000000000003'
const rareAsset = '00000000-0000-7000-8001-000000000900'
const someMember = '00000000-0000-7000-8000-000000000109'

const sorts = ['severity', 'opened_at', 'updated_at', 'due_at', 'number', 'title', 'status', 'epss', 'asset'] as const

/** What the page begins with, in every order it offers. */
const orders: ListCase[] = sorts.flatMap((sort) => [
  { name: `open, by ${sort}`, query: { open: true, sort } },
  { name: `open, by -${sort}`, query: { open: true, sort: `-${sort}` as const } },
])

const filters: Record<string, ListQuery> = {
  'severity=critical': { severity: ['critical'] },
  'severity=notification': { severity: ['notification'] },
  'severity_not=low': { severity_not: ['low', 'notification'] },
  'status=awaiting_validation': { status: ['awaiting_validation'] },
  'status=suppressed': { status: ['suppressed'] },
  'status_not=fixed': { status_not: ['fixed'] },
  'open=false': { open: false },
  'asset, large': { asset_id: [someAsset] },
  'asset, small': { asset_id: [rareAsset] },
  asset_not: { asset_id_not: [someAsset] },
  'of assets that matter': { business_impact: ['high'] },
  'of assets that matter not': { business_impact: ['low'], exposure: 'internal' },
  'branch=*': { branch: '*' },
  'branch=main': { branch: 'main' },
  'branch=feature/97': { branch: 'feature/97' },
  'scanner=ZAP': { scanner: ['ZAP'] },
  'scanner_not=Semgrep': { scanner_not: ['Semgrep'] },
  'kind=secret': { kind: ['secret'] },
  'source=person': { source: 'person' },
  'tag=pci': { tag: ['pci'] },
  'tag=audit-2026': { tag: ['audit-2026'] },
  'tag_not=backlog': { tag_not: ['backlog'] },
  'assignee=me': { assignee_id: ['me'] },
  'assignee=somebody': { assignee_id: [someMember] },
  'assignee=nobody': { assignee_id: ['nobody'] },
  unread: { unread: true },
  sent: { sent: true },
  'not sent': { sent: false },
  'sla=breached': { sla: ['breached'] },
  'sla=approaching': { sla: ['approaching'] },
  'sla=on_track': { sla: ['on_track'] },
  known_exploited: { known_exploited: true },
  'epss_from=0.1': { epss_from: 0.1 },
  'epss_from=0.9': { epss_from: 0.9 },
  'cwe=89': { cwe: [89] },
  'opened, a week': { opened_from: '2024-06-01', opened_to: '2024-06-07' },
  'opened, a year': { opened_from: '2024-01-01', opened_to: '2024-12-31' },
  'text, common': { q: 'controller' },
  'text, half a word': { q: 'inj' },
  'text, two words': { q: 'weak ledger' },
  'text, rare': { q: 'quagmire' },
  'text, none': { q: 'heffalump' },
  CVE: { q: 'CVE-2021-4016' },
  'path part': { q: 'jobs/module-77' },
  'file name': { q: 'InvoiceHandler.ts' },
  number: { q: 'WEIR-512345' },
  'bare number': { q: '700' },
}

const together: Record<string, ListQuery> = {
  'open critical of an asset': { open: true, severity: ['critical'], asset_id: [someAsset] },
  'tag and late': { open: true, tag: ['payments'], sla: ['breached'] },
  'mine, late, critical': { open: true, assignee_id: ['me'], sla: ['breached'], severity: ['critical'] },
  'exploited and not sent': { open: true, known_exploited: true, sent: false },
  'text in an asset': { open: true, q: 'session', asset_id: [someAsset] },
  'text and severity': { open: true, q: 'credential', severity: ['high'] },
  'secrets of a scanner, nobody': { open: true, kind: ['secret'], scanner: ['Gitleaks'], assignee_id: ['nobody'] },
  'old and open, every branch': { open: true, branch: '*', opened_to: '2024-03-01' },
  'closed with a tag': { open: false, tag: ['pci'] },
  'unread and critical': { unread: true, severity: ['critical'] },
  'a CWE of a scanner, not low': { open: true, cwe: [79], scanner: ['CodeQL'], severity_not: ['low'] },
}

/** Every filter alone, in the order of the page and in those people use with it; then some together. */
export const listCases: readonly ListCase[] = [
  ...orders,
  { name: 'all, by severity', query: { branch: '*' } },
  ...Object.entries(filters).flatMap(([name, query]) => [
    { name, query },
    { name: `${name}, newest first`, query: { ...query, sort: '-opened_at' as const } },
    { name: `${name}, open, by asset`, query: { open: true, ...query, sort: 'asset' as const } },
  ]),
  ...Object.entries(together).flatMap(([name, query]) => [
    { name, query },
    { name: `${name}, by due_at`, query: { ...query, sort: 'due_at' as const } },
  ]),
]
