import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { TeamDetails } from '../../../../contract/delivery/teams.ts'
import { teamQuery, teamsQuery, useDeleteTeam } from '../../../api/teams.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { CalendarPanel } from './calendar-panel.tsx'
import { PeoplePanel } from './people-panel.tsx'
import { RepositoryPanel } from './repository-panel.tsx'
import { TeamDialog } from './team-dialog.tsx'

/** One team: people, repositories, hours and holidays. */
export function TeamPage() {
  const { id } = useParams({ strict: false })
  const team = useQuery(teamQuery(id ?? ''))
  const mayWrite = useMay('team.write')
  if (team.isPending) return <LoadingRows rows={6} height={44} />
  if (team.isError) return <ProblemNote error={team.error} onRetry={() => void team.refetch()} />
  return (
    <Stack gap="lg">
      <TeamHead team={team.data} mayWrite={mayWrite} />
      <PeoplePanel team={team.data} mayWrite={mayWrite} />
      <RepositoryPanel team={team.data} mayWrite={mayWrite} />
      <CalendarPanel key={JSON.stringify([team.data.hours, team.data.holidays])} team={team.data} mayWrite={mayWrite} />
    </Stack>
  )
}

type TeamHeadProps = { readonly team: TeamDetails; readonly mayWrite: boolean }

function TeamHead({ team, mayWrite }: TeamHeadProps) {
  const teams = useQuery(teamsQuery).data?.items ?? []
  const [isEdited, edit] = useDisclosure(false)
  const [isRemoved, removal] = useDisclosure(false)
  const remove = useDeleteTeam()
  const navigate = useNavigate()
  const above = teams.find((one) => one.id === team.parent_id)
  const below = teams.filter((one) => one.parent_id === team.id).length
  return (
    <Group justify="space-between" align="flex-start">
      <div style={{ minWidth: 0 }} className="break">
        <Text size="sm">
          <AnchorLink to="/settings/teams">Teams</AnchorLink>
          {above !== undefined && (
            <>
              {' / '}
              <AnchorLink to="/settings/teams/$id" params={{ id: above.id }}>
                {above.name}
              </AnchorLink>
            </>
          )}
        </Text>
        <Title order={2}>{team.name}</Title>
      </div>
      {mayWrite && (
        <Group gap="xs">
          <Button variant="default" onClick={edit.open}>
            Edit
          </Button>
          <Button variant="default" onClick={removal.open}>
            Remove
          </Button>
        </Group>
      )}
      {isEdited && <TeamDialog team={team} teams={teams} onClose={edit.close} />}
      <ConfirmDialog
        opened={isRemoved}
        onClose={removal.close}
        title={`Remove the team “${team.name}”?`}
        text={`Its hours, holidays and who was in it when are gone, also for past figures. ${below === 0 ? 'No team is below it.' : `${count(below, 'team')} below it ${below === 1 ? 'comes' : 'come'} under ${above?.name ?? 'no other'}.`}`}
        confirm="Remove the team"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate({ params: { id: team.id } }, { onSuccess: () => void navigate({ to: '/settings/teams' }) })
        }
      />
    </Group>
  )
}
