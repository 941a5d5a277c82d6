import { Group, NativeSelect, TextInput } from '@mantine/core'
import { type AnalyticsSearch, dayOf, rangeOf, usualPeriod } from '../analytics/analytics-search.ts'

const periods = ['7', '30', '90', '180', '365'] as const
const periodWords = {
  '7': 'Last 7 days',
  '30': 'Last 30 days',
  '90': 'Last 90 days',
  '180': 'Last half year',
  '365': 'Last year',
} as const

type PeriodFieldsProps = {
  readonly view: AnalyticsSearch
  readonly onChange: (part: AnalyticsSearch) => void
}

/** So many days up to the day the page is opened, or the same days for ever. */
export function PeriodFields({ view, onChange }: PeriodFieldsProps) {
  const isOwn = view.from !== undefined && view.to !== undefined
  const choose = (value: string) => {
    const { from, to } = rangeOf(view, new Date())
    onChange(
      value === 'own'
        ? { from: dayOf(from), to: dayOf(new Date(to.getTime() - 1)) }
        : { from: undefined, to: undefined, days: periods.find((one) => one === value) },
    )
  }
  return (
    <>
      <NativeSelect
        label="Period"
        value={isOwn ? 'own' : (view.days ?? usualPeriod)}
        onChange={({ currentTarget: { value } }) => choose(value)}
        data={[
          ...periods.map((value) => ({ value, label: periodWords[value] })),
          { value: 'own', label: 'From … to …' },
        ]}
      />
      {isOwn && (
        <Group grow>
          <TextInput
            type="date"
            label="From"
            required
            max={view.to ?? ''}
            value={view.from ?? ''}
            onChange={({ currentTarget: { value } }) => onChange({ from: value || view.from })}
          />
          <TextInput
            type="date"
            label="To"
            required
            min={view.from ?? ''}
            value={view.to ?? ''}
            onChange={({ currentTarget: { value } }) => onChange({ to: value || view.to })}
          />
        </Group>
      )}
    </>
  )
}
