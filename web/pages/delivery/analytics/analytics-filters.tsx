import { Button, Group, MultiSelect, NativeSelect, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { severities } from '../../../../src/domain/severity.ts'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { severityWords } from '../../../ui/words.ts'
import { TeamFilter } from '../teams/team-filter.tsx'
import { type AnalyticsSearch, dayOf, rangeOf, usualPeriod } from './analytics-search.ts'
import { LabelFilter } from './lens-filters.tsx'

type AnalyticsFiltersProps = { readonly search: AnalyticsSearch; readonly onChange: (part: AnalyticsSearch) => void }

const periods = [
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
  { value: '180', label: 'Last half year' },
  { value: '365', label: 'Last year' },
  { value: 'own', label: 'From … to …' },
] as const

/** Whose figures, and of when: all of it stands in the address. */
export function AnalyticsFilters({ search, onChange }: AnalyticsFiltersProps) {
  const assets = useQuery(assetChoicesQuery)
  const isOwn = search.from !== undefined && search.to !== undefined
  const repositories = (assets.data?.items ?? []).flatMap(({ repository }) => (repository === null ? [] : [repository]))
  const choose = (value: string): void => {
    const days = (['7', '30', '90', '180', '365'] as const).find((one) => one === value)
    const range = rangeOf(search, new Date())
    const lastDay = new Date(range.to.getTime() - 1)
    onChange(
      days === undefined
        ? { days: undefined, from: dayOf(range.from), to: dayOf(lastDay) }
        : { days: days === usualPeriod ? undefined : days, from: undefined, to: undefined },
    )
  }
  const isNarrowed = [search.repository, search.branch, search.severity, search.team, search.label].some(
    (list) => list?.length,
  )
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label="Period"
        value={isOwn ? 'own' : (search.days ?? usualPeriod)}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[...periods]}
      />
      {isOwn && (
        <>
          <TextInput
            type="date"
            label="From"
            value={search.from ?? ''}
            max={search.to ?? ''}
            onChange={(event) => onChange({ from: event.currentTarget.value || search.from })}
          />
          <TextInput
            type="date"
            label="To"
            value={search.to ?? ''}
            min={search.from ?? ''}
            onChange={(event) => onChange({ to: event.currentTarget.value || search.to })}
          />
        </>
      )}
      <MultiSelect
        label="Repositories"
        placeholder={(search.repository?.length ?? 0) === 0 ? 'All' : ''}
        searchable
        clearable
        w={240}
        value={search.repository ?? []}
        onChange={(repository) => onChange({ repository })}
        data={repositories.map(({ id, full_name }) => ({ value: id, label: full_name }))}
      />
      <TagsInput
        label="Branches merged into"
        placeholder={(search.branch?.length ?? 0) === 0 ? 'All' : ''}
        clearable
        w={200}
        value={search.branch ?? []}
        onChange={(branch) => onChange({ branch })}
      />
      {search.group === 'security' && (
        <MultiSelect
          label="Severity"
          placeholder={(search.severity?.length ?? 0) === 0 ? 'All' : ''}
          clearable
          w={200}
          value={search.severity ?? []}
          onChange={(chosen) => onChange({ severity: severities.filter((one) => chosen.includes(one)) })}
          data={severities.map((value) => ({ value, label: severityWords[value] }))}
        />
      )}
      <TeamFilter width={200} chosen={search.team ?? []} onChange={(team) => onChange({ team })} />
      <LabelFilter search={search} onChange={onChange} />
      <NativeSelect
        label="Durations"
        value={search.hours ?? 'all'}
        onChange={(event) => onChange({ hours: event.currentTarget.value === 'business' ? 'business' : undefined })}
        data={[
          { value: 'all', label: 'All hours' },
          { value: 'business', label: 'Team hours only' },
        ]}
      />
      {isNarrowed && (
        <Button
          variant="subtle"
          onClick={() => onChange({ repository: [], branch: [], severity: [], team: [], label: [] })}
        >
          Clear
        </Button>
      )}
    </Group>
  )
}
