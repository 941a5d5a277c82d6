import { Autocomplete, Checkbox, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PeopleSettings } from '../../../../contract/delivery/people-settings.ts'
import { peopleSettingsQuery, useUpdatePeopleSettings } from '../../../api/teams.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'

/** What figures may show of one person alone. */
export function PrivacyPanel() {
  const settings = useQuery(peopleSettingsQuery)
  const mayWrite = useMay('organization.write')
  return (
    <Panel
      title="Privacy"
      lead="Figures are of teams first. Nothing is shown of one person alone unless you decide so."
    >
      {settings.isPending && <LoadingRows rows={2} height={32} />}
      {settings.isError && <ProblemNote error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isSuccess && mayWrite && <PrivacyForm key={JSON.stringify(settings.data)} settings={settings.data} />}
      {settings.isSuccess && !mayWrite && (
        <Text>{`Pages of persons are ${settings.data.has_person_pages ? 'on' : 'off'}, rankings ${settings.data.has_rankings ? 'on' : 'off'}.`}</Text>
      )}
    </Panel>
  )
}

function PrivacyForm({ settings }: { readonly settings: PeopleSettings }) {
  const [fields, setFields] = useState(settings)
  const [zones] = useState(() => ['UTC', ...Intl.supportedValuesOf('timeZone')])
  const update = useUpdatePeopleSettings()
  return (
    <ApiForm onSubmit={() => update.mutate({ body: fields })} label="Privacy">
      <Stack>
        <Checkbox
          label="Pages of persons"
          description="A page of each person’s own figures, for every member."
          checked={fields.has_person_pages}
          onChange={({ currentTarget: { checked } }) =>
            setFields((before) => ({
              ...before,
              has_person_pages: checked,
              has_rankings: checked && before.has_rankings,
            }))
          }
        />
        <Checkbox
          label="Rankings"
          description="Lists of people ordered by a figure. Only with pages of persons."
          disabled={!fields.has_person_pages}
          checked={fields.has_rankings}
          onChange={({ currentTarget: { checked } }) => setFields((before) => ({ ...before, has_rankings: checked }))}
        />
        <Autocomplete
          label="Time zone"
          description="Of teams that say no other."
          maw={320}
          limit={30}
          data={zones}
          value={fields.time_zone}
          onChange={(zone) => setFields((before) => ({ ...before, time_zone: zone }))}
        />
        <FormEnd submit="Save" form={update} />
      </Stack>
    </ApiForm>
  )
}
