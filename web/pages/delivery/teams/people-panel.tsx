import { Button, Group, NativeSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TeamDetails, TeamMember } from '../../../../contract/delivery/teams.ts'
import { contributorTitles } from '../../../../src/domain/remote-kind.ts'
import { membersQuery } from '../../../api/members.ts'
import { accountMenuQuery, useAddTeamMember, useRemoveTeamMember, useUpdateTeamMember } from '../../../api/teams.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ApiForm } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem } from '../../../ui/states.tsx'

type Props = { readonly team: TeamDetails; readonly mayWrite: boolean }

const nameOf = (row: TeamMember) => row.contributor?.name ?? row.member?.name ?? ''
const placeOf = (row: TeamMember) =>
  row.contributor === null ? 'Member, with all accounts' : contributorTitles[row.contributor.kind]

function makeColumns(mayWrite: boolean): Column<TeamMember>[] {
  return [
    {
      key: 'person',
      header: 'Person',
      lead: true,
      cell: (row) => (
        <>
          <Text fw={600} className="break">
            {nameOf(row)}
          </Text>
          <Text size="xs" c="dimmed">
            {`${placeOf(row)}${row.role === 'champion' ? ' · champion of the team' : ''}`}
          </Text>
        </>
      ),
    },
    {
      key: 'time',
      header: 'In the team',
      width: mayWrite ? '400px' : '260px',
      cell: (row) => <Time row={row} mayWrite={mayWrite} />,
    },
  ]
}

const day = (value: string) => (value === '' ? null : value)

function Time({ row, mayWrite }: { readonly row: TeamMember; readonly mayWrite: boolean }) {
  const update = useUpdateTeamMember()
  const remove = useRemoveTeamMember()
  const { id, role } = row
  if (!mayWrite) return <Text>{`${row.from ?? 'always'} – ${row.to === null ? 'now' : `before ${row.to}`}`}</Text>
  const change = (part: { from?: string | null; to?: string | null }) =>
    update.mutate({ params: { id }, body: { role, from: row.from, to: row.to, ...part } })
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <TextInput
          size="xs"
          type="date"
          aria-label={`First day of ${nameOf(row)}; empty: always`}
          defaultValue={row.from ?? ''}
          onBlur={(event) =>
            day(event.currentTarget.value) !== row.from && change({ from: day(event.currentTarget.value) })
          }
        />
        <Text size="xs">to before</Text>
        <TextInput
          size="xs"
          type="date"
          aria-label={`First day ${nameOf(row)} is no longer in the team; empty: still is`}
          defaultValue={row.to ?? ''}
          onBlur={(event) =>
            day(event.currentTarget.value) !== row.to && change({ to: day(event.currentTarget.value) })
          }
        />
        <Button
          size="compact-xs"
          variant="default"
          loading={remove.isPending}
          aria-label={`Take ${nameOf(row)} out, as if never in the team`}
          onClick={() => remove.mutate({ params: { id } })}
        >
          Take out
        </Button>
      </Group>
      <FormProblem error={update.error ?? remove.error} />
    </Stack>
  )
}

/** Who is, was and will be in the team. */
export function PeoplePanel({ team, mayWrite }: Props) {
  return (
    <Panel
      flush
      title="People"
      lead="Figures of the past follow the team of that time. Without a first day somebody always was in it."
    >
      {mayWrite && <AddPerson team={team} />}
      {team.members.length === 0 ? (
        <EmptyState
          icon="person"
          title="Nobody is in this team"
          text="Add accounts seen at Bitbucket, or members with all accounts of theirs."
        />
      ) : (
        <DataTable caption="People" columns={makeColumns(mayWrite)} rows={team.members} rowKey={(row) => row.id} />
      )}
    </Panel>
  )
}

function AddPerson({ team }: { readonly team: TeamDetails }) {
  const [text, setText] = useState('')
  const [who, setWho] = useState<string | null>(null)
  const [role, setRole] = useState<'member' | 'champion'>('member')
  const [searched] = useDebouncedValue(text, 250)
  const accounts = useQuery(accountMenuQuery(searched)).data?.items ?? []
  const members = useQuery(membersQuery).data?.items ?? []
  const add = useAddTeamMember()
  const save = () => {
    if (who === null) return
    const [kind, id = ''] = who.split(' ')
    const named = kind === 'member' ? { member_id: id } : { contributor_id: id }
    const body = { ...named, role, from: null, to: null }
    add.mutate({ params: { id: team.id }, body }, { onSuccess: () => setWho(null) })
  }
  return (
    <ApiForm onSubmit={save} label="Add somebody">
      <Group gap="sm" align="flex-end" p="md">
        <Select
          label="Add somebody"
          placeholder="Name of an account or member"
          searchable
          clearable
          w={320}
          maxDropdownHeight={320}
          value={who}
          onChange={setWho}
          searchValue={text}
          onSearchChange={setText}
          data={[
            {
              group: 'Accounts',
              items: accounts.map((one) => ({
                value: `account ${one.id}`,
                label: `${one.name} (${contributorTitles[one.kind]})`,
              })),
            },
            { group: 'Members', items: members.map((one) => ({ value: `member ${one.id}`, label: one.name })) },
          ]}
        />
        <NativeSelect
          label="As"
          value={role}
          onChange={(event) => setRole(event.currentTarget.value === 'champion' ? 'champion' : 'member')}
          data={[
            { value: 'member', label: 'Member' },
            { value: 'champion', label: 'Champion' },
          ]}
        />
        <Button type="submit" variant="default" disabled={who === null} loading={add.isPending}>
          Add
        </Button>
      </Group>
      <FormProblem error={add.error} />
    </ApiForm>
  )
}
