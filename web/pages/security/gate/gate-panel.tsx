import { Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Asset } from '../../../../contract/security/assets.ts'
import type { GateResult } from '../../../../contract/security/gate.ts'
import { assetGateQuery } from '../../../api/gate.ts'
import { SeverityBadge, SeverityMark, ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count, formatNumber, severityWords } from '../../../ui/words.ts'
import { GateBadge, limitWords, usedWords } from './gate-words.tsx'

type Check = GateResult['checks'][number]
type Offender = GateResult['offenders'][number]

const typingMs = 400

/** What the gate says of a branch of an asset, limit by limit, and what stands in the way. */
export function GatePanel({ asset }: { readonly asset: Asset }) {
  const [typed, setTyped] = useState(asset.default_branch)
  const [settled] = useDebouncedValue(typed, typingMs)
  const branch = settled.trim() === '' ? asset.default_branch : settled.trim()
  const found = useQuery(assetGateQuery(asset.id, branch))
  return (
    <Panel title="Security gate" lead="What a pipeline is told when it asks for this branch.">
      <Stack>
        <TextInput
          label="Branch"
          value={typed}
          maxLength={255}
          maw={320}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {found.isPending && <LoadingRows rows={4} />}
        {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
        {found.data !== undefined && <Verdict result={found.data} />}
      </Stack>
    </Panel>
  )
}

function Verdict({ result }: { readonly result: GateResult }) {
  const { checks, offenders, offenders_total: total } = result
  return (
    <Stack>
      <Group gap="sm" component="output">
        <GateBadge verdict={result.verdict} />
        {result.newest_import_at !== null && (
          <Text size="sm" c="dimmed">
            Newest report <TimeAgo at={result.newest_import_at} />
          </Text>
        )}
      </Group>
      {result.reason !== null && <Text>{result.reason}</Text>}
      {result.reason === null && checks.length === 0 && <Text c="dimmed">No limit is set, so everything passes.</Text>}
      {checks.length > 0 && (
        <DataTable
          caption="Limits"
          columns={checkColumns}
          rows={checks}
          rowKey={(row) => `${row.severity} ${row.limit}`}
        />
      )}
      {offenders.length > 0 && (
        <>
          <Text fw={600}>
            {total > offenders.length
              ? `${formatNumber(total)} vulnerabilities stand in the way, or nearly; the worst ${offenders.length}:`
              : `${count(total, 'vulnerability stands', 'vulnerabilities stand')} in the way, or nearly`}
          </Text>
          <DataTable
            caption="What stands in the way"
            columns={offenderColumns}
            rows={offenders}
            rowKey={(row) => row.id}
          />
        </>
      )}
    </Stack>
  )
}

const levels = { passed: 'good', warning: 'warn', failed: 'bad' } as const
const levelWords = { passed: 'Passed', warning: 'Warning', failed: 'Failed' } as const

function LevelBadge({ level }: { readonly level: Check['level'] }) {
  return <ToneBadge tone={levels[level]}>{levelWords[level]}</ToneBadge>
}

const checkColumns: Column<Check>[] = [
  {
    key: 'limit',
    header: 'Limit',
    lead: true,
    cell: (row) => (
      <Group gap={8}>
        <SeverityMark severity={row.severity} />
        <span>{`${severityWords[row.severity]}: ${limitWords(row)}`}</span>
      </Group>
    ),
  },
  { key: 'used', header: 'Now', label: 'Now', width: '180px', cell: (row) => usedWords(row) },
  { key: 'level', header: 'Result', width: '120px', cell: (row) => <LevelBadge level={row.level} /> },
]

const offenderColumns: Column<Offender>[] = [
  {
    key: 'title',
    header: 'Vulnerability',
    lead: true,
    cell: (row) => (
      <>
        <AnchorLink to="/vulnerabilities/$id" params={{ id: row.id }} fw={600} c="inherit" className="break">
          {row.title}
        </AnchorLink>
        <Text size="xs" c="dimmed">{`#${row.number}`}</Text>
      </>
    ),
  },
  { key: 'severity', header: 'Severity', width: '130px', cell: (row) => <SeverityBadge severity={row.severity} /> },
  { key: 'age', header: 'Age', label: 'Age', width: '110px', cell: (row) => count(row.age_days, 'day') },
  { key: 'level', header: 'Result', width: '120px', cell: (row) => <LevelBadge level={row.level} /> },
]
