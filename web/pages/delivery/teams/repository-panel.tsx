import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TeamDetails } from '../../../../contract/delivery/teams.ts'
import { repositoryNamesQuery, useUpdateTeam } from '../../../api/teams.ts'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem } from '../../../ui/states.tsx'

type Props = { readonly team: TeamDetails; readonly mayWrite: boolean }

/** The repositories a team answers for. */
export function RepositoryPanel({ team, mayWrite }: Props) {
  const [text, setText] = useState('')
  const [searched] = useDebouncedValue(text, 250)
  const found = useQuery(repositoryNamesQuery(searched)).data?.items ?? []
  const update = useUpdateTeam()
  const own = team.repository_list
  const set = (ids: string[]) => update.mutate({ params: { id: team.id }, body: { repository_ids: ids } })
  const ids = own.map((one) => one.id)
  return (
    <Panel title="Repositories">
      <Stack gap="sm">
        {mayWrite && (
          <Select
            aria-label="Add a repository"
            placeholder="Add a repository by its name"
            searchable
            maw={360}
            value={null}
            searchValue={text}
            onSearchChange={setText}
            onChange={(id) => id !== null && set([...ids, id])}
            disabled={update.isPending}
            data={found
              .filter((one) => !ids.includes(one.id))
              .map((one) => ({ value: one.id, label: `${one.workspace} / ${one.name}` }))}
          />
        )}
        <FormProblem error={update.error} />
        {own.length === 0 && (
          <EmptyState
            icon="file"
            title="No repositories"
            text="Add those this team answers for, to see their figures by team."
          />
        )}
        {own.map((one) => (
          <Group key={one.id} justify="space-between" wrap="nowrap">
            <Text className="break">{`${one.workspace} / ${one.name}`}</Text>
            {mayWrite && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Take the repository ${one.name} out of the team`}
                disabled={update.isPending}
                onClick={() => set(ids.filter((id) => id !== one.id))}
              >
                Take out
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}
