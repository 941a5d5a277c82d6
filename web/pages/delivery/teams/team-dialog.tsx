import { Autocomplete, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Team, TeamDetails } from '../../../../contract/delivery/teams.ts'
import { useCreateTeam, useUpdateTeam } from '../../../api/teams.ts'
import { ApiForm, fieldError } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { orderTeams } from './order-teams.ts'

type TeamDialogProps = {
  readonly team: TeamDetails | null
  readonly teams: readonly Team[]
  readonly onClose: () => void
}

/** Makes a team, or changes its name, place and zone. */
export function TeamDialog({ team, teams, onClose }: TeamDialogProps) {
  const [name, setName] = useState(team?.name ?? '')
  const [parent, setParent] = useState(team?.parent_id ?? '')
  const [zone, setZone] = useState(team?.time_zone ?? '')
  const [zones] = useState(() => ['UTC', ...Intl.supportedValuesOf('timeZone')])
  const create = useCreateTeam()
  const update = useUpdateTeam()
  const save = () => {
    const body = { name, parent_id: parent === '' ? null : parent, time_zone: zone === '' ? null : zone }
    if (team === null) create.mutate({ body }, { onSuccess: onClose })
    else update.mutate({ params: { id: team.id }, body }, { onSuccess: onClose })
  }
  const form = { error: create.error ?? update.error, isPending: create.isPending || update.isPending }
  const places = orderTeams(teams, '').filter((one) => one.id !== team?.id)
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{team === null ? 'New team' : `Team “${team.name}”`}</Text>}>
      <ApiForm onSubmit={save} label="Team">
        <Stack>
          <TextInput
            label="Name"
            required
            maxLength={200}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fieldError(form.error, 'name')}
          />
          <NativeSelect
            label="Belongs to"
            value={parent}
            onChange={(event) => setParent(event.currentTarget.value)}
            data={[
              { value: '', label: 'No team: it stands at the top' },
              ...places.map((one) => ({ value: one.id, label: `${'– '.repeat(one.depth)}${one.name}` })),
            ]}
            error={fieldError(form.error, 'parent_id')}
          />
          <Autocomplete
            label="Time zone"
            description="Empty: that of the team above, at the top the organization’s."
            limit={30}
            data={zones}
            value={zone}
            onChange={setZone}
            error={fieldError(form.error, 'time_zone')}
          />
          <FormEnd submit={team === null ? 'Make the team' : 'Save'} form={form} onCancel={onClose} />
        </Stack>
      </ApiForm>
    </Modal>
  )
}
