import { Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { TeamDetails } from '../../../../contract/delivery/teams.ts'
import { useUpdateTeam } from '../../../api/teams.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { weekdays } from '../../security/service-levels/read-settings.ts'
import { readHolidays, readMinutes, toClock } from './read-calendar.ts'

type Props = { readonly team: TeamDetails; readonly mayWrite: boolean }

/** When the team works: hours of each weekday, and days off. */
export function CalendarPanel({ team, mayWrite }: Props) {
  const { calendar } = team
  const lead = `In force: ${calendar.time_zone}, ${calendar.hours
    .map(
      (one) =>
        `${weekdays[one.weekday - 1]?.name.slice(0, 3) ?? ''} ${toClock(one.from_minute)}–${toClock(one.to_minute)}`,
    )
    .join(', ')}; ${calendar.holidays.length} days off with those of the teams above.`
  return (
    <Panel title="Hours and holidays" lead={lead}>
      {mayWrite ? <CalendarForm team={team} /> : <HolidayList team={team} />}
    </Panel>
  )
}

function HolidayList({ team }: { readonly team: TeamDetails }) {
  if (team.holidays.length === 0) return <Text c="dimmed">The team has no days off of its own.</Text>
  return team.holidays.map((one) => <Text key={one.day}>{`${one.day} ${one.name}`}</Text>)
}

function CalendarForm({ team }: { readonly team: TeamDetails }) {
  const update = useUpdateTeam()
  const [hours, setHours] = useState(() =>
    weekdays.map(({ day }) => {
      const own = team.hours.find((one) => one.weekday === day)
      return {
        from: own === undefined ? '' : toClock(own.from_minute),
        to: own === undefined ? '' : toClock(own.to_minute),
      }
    }),
  )
  const [holidays, setHolidays] = useState(team.holidays.map((one) => `${one.day} ${one.name}`).join('\n'))
  const change = (index: number, part: { from?: string; to?: string }) =>
    setHours((before) => before.map((one, at) => (at === index ? { ...one, ...part } : one)))
  const save = () =>
    update.mutate({
      params: { id: team.id },
      body: {
        hours: hours.flatMap(({ from, to }, index) =>
          from === '' || to === ''
            ? []
            : [{ weekday: index + 1, from_minute: readMinutes(from), to_minute: readMinutes(to) || 24 * 60 }],
        ),
        holidays: readHolidays(holidays),
      },
    })
  return (
    <ApiForm onSubmit={save} label="Hours and holidays">
      <Stack>
        <Text size="sm" c="dimmed">
          A weekday without hours is a day off. Without any hours the team works as the one above.
        </Text>
        {weekdays.map(({ day, name }, index) => (
          <Group key={day} gap="xs">
            <Text w={100}>{name}</Text>
            <TextInput
              size="xs"
              type="time"
              aria-label={`${name}: work begins`}
              value={hours[index]?.from ?? ''}
              onChange={(event) => change(index, { from: event.currentTarget.value })}
            />
            <Text size="xs">to</Text>
            <TextInput
              size="xs"
              type="time"
              aria-label={`${name}: work ends`}
              value={hours[index]?.to ?? ''}
              onChange={(event) => change(index, { to: event.currentTarget.value })}
            />
          </Group>
        ))}
        <Textarea
          label="Holidays"
          description="One a line: a date and a name, such as 2027-12-24 Christmas Eve."
          autosize
          minRows={3}
          maxRows={12}
          maw={420}
          value={holidays}
          onChange={(event) => setHolidays(event.currentTarget.value)}
        />
        <FormEnd submit="Save hours and holidays" form={update} />
      </Stack>
    </ApiForm>
  )
}
