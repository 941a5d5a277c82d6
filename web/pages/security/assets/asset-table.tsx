import { Group, Text } from '@mantine/core'
import type { Asset } from '../../../../contract/security/assets.ts'
import { severities } from '../../../../src/domain/severity.ts'
import { SeverityMark, ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { formatNumber, severityWords, toWords } from '../../../ui/words.ts'
import { GateBadge } from '../gate/gate-words.tsx'

/** Open vulnerabilities by severity in one line; zeros are left out. */
export function OpenCounts({ open }: { readonly open: Asset['open'] }) {
  const present = severities.filter((severity) => open[severity] > 0)
  if (present.length === 0) return <Text c="dimmed">None open</Text>
  return (
    <Group gap={10} wrap="wrap">
      {present.map((severity) => (
        <Group key={severity} gap={4} wrap="nowrap" title={`${severityWords[severity]}: ${open[severity]}`}>
          <SeverityMark severity={severity} />
          <span className="tabular">
            {formatNumber(open[severity])}
            <span style={{ position: 'absolute', clipPath: 'inset(50%)' }}>{` ${severityWords[severity]}`}</span>
          </span>
        </Group>
      ))}
    </Group>
  )
}

const repositoryProblems: Record<NonNullable<Asset['repository']>['state'], string | null> = {
  here: null,
  renamed: null,
  forbidden: 'No access',
  gone: 'Gone in Bitbucket',
}

const columns: Column<Asset>[] = [
  {
    key: 'name',
    header: 'Asset',
    lead: true,
    cell: (row) => (
      <>
        <Group gap={8}>
          <AnchorLink to="/assets/$id" params={{ id: row.id }} fw={600} c="inherit" className="break">
            {row.name}
          </AnchorLink>
          {row.archived_at !== null && <ToneBadge tone="notification">Archived</ToneBadge>}
        </Group>
        <Text size="xs" c="dimmed" className="break">
          <span className="mono">{row.key}</span>
          {row.repository !== null && ` · ${row.repository.full_name}`}
        </Text>
      </>
    ),
  },
  { key: 'open', header: 'Open', label: 'Open', width: '190px', cell: (row) => <OpenCounts open={row.open} /> },
  {
    key: 'repository',
    header: 'Repository',
    width: '125px',
    cell: (row) => {
      if (row.repository === null) return <Text c="dimmed">None</Text>
      const problem = repositoryProblems[row.repository.state]
      return problem === null ? 'In Bitbucket' : <ToneBadge tone="bad">{problem}</ToneBadge>
    },
  },
  {
    key: 'risk',
    header: 'Risk score',
    label: 'Risk score',
    width: '110px',
    align: 'right',
    cell: (row) =>
      row.risk_score === null ? (
        <Text span c="dimmed">
          Unknown
        </Text>
      ) : (
        <span className="tabular">{`${row.risk_score.toFixed(1)} of 100`}</span>
      ),
  },
  { key: 'gate', header: 'Gate', label: 'Gate', width: '145px', cell: (row) => <GateBadge verdict={row.gate} /> },
  { key: 'impact', header: 'Impact', label: 'Impact', width: '85px', cell: (row) => toWords(row.business_impact) },
  {
    key: 'import',
    header: 'Last import',
    label: 'Last import',
    width: '120px',
    cell: (row) => (row.last_import_at === null ? <Text c="dimmed">Never</Text> : <TimeAgo at={row.last_import_at} />),
  },
]

export function AssetTable({ rows }: { readonly rows: readonly Asset[] }) {
  return <DataTable caption="Assets" columns={columns} rows={rows} rowKey={(row) => row.id} />
}
