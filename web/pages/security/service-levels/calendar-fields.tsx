import { Autocomplete, Checkbox, Group, Radio, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { SlaSettings } from '../../../../contract/security/service-levels.ts'
import { weekdays } from './read-settings.ts'

type Props = { readonly calendar: SlaSettings['calendar'] }

/** Around the clock, or by working days with the week, holidays and time zone. */
export function CalendarFields({ calendar }: Props) {
  const [kind, setKind] = useState<string>(calendar.kind)
  return (
    <>
      <Radio.Group name="calendar" label="Calendar" value={kind} onChange={setKind}>
        <Stack gap="xs" mt={6}>
          <Radio value="elapsed" label="Around the clock" description="A day is 24 hours, whatever day it is." />
          <Radio
            value="working_days"
            label="By working days"
            description="Only working days count; a deadline is the end of one."
          />
        </Stack>
      </Radio.Group>
      {kind === 'working_days' && <WorkingDays calendar={calendar} />}
    </>
  )
}

function WorkingDays({ calendar }: Props) {
  const isWorking = calendar.kind === 'working_days'
  const [zones] = useState(() => ['UTC', ...Intl.supportedValuesOf('timeZone')])
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const days = isWorking ? calendar.working_days : weekdays.slice(0, 5).map(({ day }) => day)
  return (
    <>
      <Checkbox.Group label="Working days" defaultValue={days.map(String)}>
        <Group gap="md" mt={6}>
          {weekdays.map(({ day, name }) => (
            <Checkbox key={day} name="working_days" value={String(day)} label={name} />
          ))}
        </Group>
      </Checkbox.Group>
      <Autocomplete
        name="time_zone"
        label="Time zone"
        description="Its midnights end the days; reminders of accepted risks go by its dates."
        required
        maw={320}
        limit={30}
        data={zones}
        defaultValue={isWorking ? calendar.time_zone : own}
      />
      <Textarea
        name="holidays"
        label="Holidays"
        description="Dates such as 2027-12-24, one a line or separated by commas."
        autosize
        minRows={2}
        maxRows={10}
        maw={320}
        defaultValue={isWorking ? calendar.holidays.join('\n') : ''}
      />
    </>
  )
}
