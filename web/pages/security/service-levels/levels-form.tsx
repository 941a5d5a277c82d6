import { Button, Group, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { ServiceLevels, SlaSettings } from '../../../../contract/security/service-levels.ts'
import { useTryServiceLevels, useUpdateServiceLevels } from '../../../api/service-levels.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { CalendarFields } from './calendar-fields.tsx'
import { LevelsTable } from './levels-table.tsx'
import { readSettings } from './read-settings.ts'
import { TrialResult } from './trial-result.tsx'

type Props = { readonly levels: ServiceLevels; readonly onRemoved: () => void }
type Asked = { readonly settings: SlaSettings | null }

/** The table, the calendar and the pause: first it is told what a change would do, then it is saved. */
export function LevelsForm({ levels, onRemoved }: Props) {
  const mayWrite = useMay('organization.write')
  const shown = levels.settings ?? levels.defaults
  const trial = useTryServiceLevels()
  const update = useUpdateServiceLevels()
  const [asked, setAsked] = useState<Asked | null>(null)
  const ask = (settings: SlaSettings | null) => {
    update.reset()
    setAsked({ settings })
    trial.mutate({ body: { settings } })
  }
  const forget = () => {
    setAsked(null)
    trial.reset()
  }
  const save = () => {
    if (asked === null) return
    update.mutate(
      { body: { settings: asked.settings } },
      {
        onSuccess: () => {
          forget()
          notifications.show({ message: asked.settings === null ? 'Service levels removed' : 'Service levels saved' })
          if (asked.settings === null) onRemoved()
        },
      },
    )
  }
  return (
    <ApiForm label="Service levels" onSubmit={(form) => ask(readSettings(form))}>
      <fieldset disabled={!mayWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }} onChange={forget}>
        <Stack>
          <Panel
            title="Service levels"
            lead={
              mayWrite
                ? 'Days to mend a vulnerability, counted from when it was created here. An empty field: no deadline.'
                : 'Days to mend a vulnerability, counted from when it was created here. An administrator can change them.'
            }
          >
            <LevelsTable table={shown.levels} />
          </Panel>
          <Panel title="How days are counted">
            <Stack>
              <CalendarFields calendar={shown.calendar} />
              <Switch
                name="pauses_while_accepted"
                label="The clock stands still while the risk is accepted"
                defaultChecked={shown.pauses_while_accepted}
              />
            </Stack>
          </Panel>
        </Stack>
      </fieldset>
      <Stack mt="md">
        <FormProblem error={trial.error ?? update.error} />
        {asked !== null && trial.data !== undefined && (
          <TrialResult
            trial={trial.data}
            isRemoval={asked.settings === null}
            busy={update.isPending}
            onSave={save}
            onCancel={forget}
          />
        )}
        {mayWrite && (asked === null || trial.data === undefined) && (
          <Group justify="space-between">
            {levels.settings === null ? (
              <Text size="sm" c="dimmed">
                Nothing is saved yet.
              </Text>
            ) : (
              <Button variant="subtle" color="red" onClick={() => ask(null)}>
                Remove service levels…
              </Button>
            )}
            <Button type="submit" loading={trial.isPending}>
              See what would change
            </Button>
          </Group>
        )}
      </Stack>
    </ApiForm>
  )
}
