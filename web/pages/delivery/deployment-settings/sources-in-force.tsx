import { Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SourceInForce } from '../../../../contract/delivery/deployment-settings.ts'
import { sourcesInForceQuery } from '../../../api/deployments.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { describeSource } from './source-words.ts'

const columns: Column<SourceInForce>[] = [
  {
    key: 'repository',
    header: 'Repository',
    lead: true,
    cell: ({ repository }) => (
      <>
        <AnchorLink
          to="/analytics/deployments"
          search={{ repository: [repository.id], back: 'settings' }}
          fw={600}
          className="break"
        >
          {repository.name}
        </AnchorLink>
        <Text size="xs" c="dimmed" className="break">
          {repository.path}
        </Text>
      </>
    ),
  },
  { key: 'source', header: 'In force now', label: 'In force now', cell: (row) => describeSource(row) },
  {
    key: 'counted',
    header: 'Last 30 days',
    label: 'Last 30 days',
    width: '220px',
    cell: (row) => (
      <>
        <Text>{row.counted === 0 ? 'None counted' : `${count(row.counted, 'deployment')} counted`}</Text>
        {row.told_elsewhere > 0 && <Text size="xs" c="dimmed">{`${row.told_elsewhere} told by other sources`}</Text>}
      </>
    ),
  },
  {
    key: 'last',
    header: 'Last one',
    label: 'Last one',
    width: '140px',
    cell: ({ last_at: at }) => (at === null ? <Text c="dimmed">Never</Text> : <TimeAgo at={at} />),
  },
]

/** Which source each repository really has, and what it counted. */
export function SourcesInForce() {
  const [text, setText] = useState('')
  const [searched] = useDebouncedValue(text.trim(), 250)
  const list = useQuery(sourcesInForceQuery(searched))
  const rows = list.data?.items ?? []
  return (
    <Panel
      flush
      title="What really counts"
      lead="A repository that counts none while another source tells some has the wrong one."
      actions={
        <TextInput
          size="sm"
          aria-label="Find a repository"
          placeholder="Find a repository"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      }
    >
      {list.isPending && <LoadingRows rows={4} height={44} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          icon="assets"
          title={searched === '' ? 'No repository yet' : 'No repository is called so'}
          text={
            searched === ''
              ? 'Connect Bitbucket under Integrations and choose repositories.'
              : 'Try a part of its name.'
          }
        />
      )}
      {rows.length > 0 && (
        <DataTable
          caption="Source of each repository"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.repository.id}
        />
      )}
      {list.data?.has_more === true && (
        <Text size="sm" c="dimmed" p="md">
          There are more: find one by its name.
        </Text>
      )}
    </Panel>
  )
}
