import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { teamsQuery } from '../../../api/teams.ts'
import { useMay } from '../../../shell/use-session.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { orderTeams, type PlacedTeam } from './order-teams.ts'
import { TeamDialog } from './team-dialog.tsx'

const columns: Column<PlacedTeam>[] = [
  {
    key: 'team',
    header: 'Team',
    lead: true,
    cell: (row) => (
      <div style={{ paddingInlineStart: Math.min(row.depth, 8) * 20 }}>
        <AnchorLink to="/settings/teams/$id" params={{ id: row.id }} className="break">
          {row.name}
        </AnchorLink>
      </div>
    ),
  },
  { key: 'people', header: 'People', label: 'People', width: '110px', align: 'right', cell: (row) => row.people },
  {
    key: 'repositories',
    header: 'Repositories',
    label: 'Repositories',
    width: '130px',
    align: 'right',
    cell: (row) => row.repositories,
  },
]

/** All teams as a tree. */
export function TeamsPage() {
  const mayWrite = useMay('team.write')
  const list = useQuery(teamsQuery)
  const [text, setText] = useState('')
  const [isNew, setIsNew] = useState(false)
  const teams = list.data?.items ?? []
  const rows = orderTeams(teams, text)
  const add = (
    <Button leftSection={<Icon name="plus" size={15} />} onClick={() => setIsNew(true)}>
      New team
    </Button>
  )
  return (
    <Panel
      flush
      title="Teams"
      lead="Figures are shown by team. Each has people over time, repositories, a time zone, working hours and holidays; what a team does not say, the team above says."
      actions={mayWrite && teams.length > 0 && add}
    >
      {teams.length > 0 && (
        <Group p="md">
          <SearchInput label="Search teams" placeholder="Name of a team" value={text} onChange={setText} />
        </Group>
      )}
      {list.isPending && <LoadingRows rows={5} height={44} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && teams.length === 0 && (
        <EmptyState
          icon="person"
          title="No teams yet"
          text={
            mayWrite
              ? 'Make the first one, then put people and repositories into it.'
              : 'An administrator or security champion can make them.'
          }
          action={mayWrite ? add : undefined}
        />
      )}
      {teams.length > 0 && rows.length === 0 && (
        <EmptyState icon="person" title="No team is called like this" text="Search for another name." />
      )}
      {rows.length > 0 && <DataTable caption="Teams" columns={columns} rows={rows} rowKey={(row) => row.id} />}
      {rows.length > 0 && (
        <Text size="xs" c="dimmed" p="md">
          People and repositories are of the team itself, today.
        </Text>
      )}
      {isNew && <TeamDialog team={null} teams={teams} onClose={() => setIsNew(false)} />}
    </Panel>
  )
}
