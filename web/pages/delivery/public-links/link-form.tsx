import { Alert, Checkbox, MultiSelect, NativeSelect, Stack, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { labelRulesQuery } from '../../../api/lens.ts'
import type { useCreatePublicLink } from '../../../api/public-links.ts'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import type { AnalyticsSearch } from '../analytics/analytics-search.ts'
import { figureGroupWords } from '../analytics/group-words.ts'
import { TeamFilter } from '../teams/team-filter.tsx'
import { PeriodFields } from './period-fields.tsx'
import { shownGroups, toLinkView } from './to-link-view.ts'

const ends = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: 'One year' },
]

type LinkFormProps = {
  /** What the form begins with. */
  readonly view: AnalyticsSearch
  readonly create: ReturnType<typeof useCreatePublicLink>
  readonly onCancel: () => void
}

/** What a link shows: all that the view it is made from is narrowed by, to be changed before it is made. */
export function LinkForm({ view: given, create, onCancel }: LinkFormProps) {
  const assets = useQuery(assetChoicesQuery)
  const [view, setView] = useState(given)
  const change = (part: AnalyticsSearch) => setView((before) => ({ ...before, ...part }))
  const choices = (assets.data?.items ?? []).flatMap(({ repository }) => (repository === null ? [] : [repository]))
  const submit = (form: FormData) =>
    create.mutate({
      body: {
        ...toLinkView(view, new Date()),
        name: readText(form, 'name'),
        shows_titles: form.get('shows_titles') !== null,
        expires_in_days: Number(readText(form, 'expires_in_days')),
      },
    })
  return (
    <ApiForm onSubmit={submit} label="New public link">
      <Stack>
        <TextInput
          name="name"
          label="Name"
          description="The heading of the page, for everybody who has the link."
          required
          maxLength={200}
          data-autofocus
        />
        <NativeSelect
          label="Shows"
          value={view.group ?? 'dora'}
          onChange={({ currentTarget: { value } }) => change({ group: shownGroups.find((one) => one === value) })}
          data={shownGroups.map((one) => ({ value: one, label: figureGroupWords[one] }))}
        />
        <PeriodFields view={view} onChange={change} />
        <MultiSelect
          label="Repositories"
          description="Their names are shown. None chosen: the figures of all, and no names."
          searchable
          clearable
          value={view.repository ?? []}
          onChange={(repository) => change({ repository })}
          data={choices.map(({ id, full_name }) => ({ value: id, label: full_name }))}
        />
        <TeamFilter
          chosen={view.team ?? []}
          onChange={(team) => change({ team })}
          description="Their names are shown, with all teams below. A team of one shows what one person did."
        />
        <TagsInput
          label="Branches merged into"
          clearable
          value={view.branch ?? []}
          onChange={(branch) => change({ branch })}
        />
        <LabelField chosen={view.label ?? []} onChange={(label) => change({ label })} />
        <NativeSelect
          label="Durations"
          value={view.hours ?? 'all'}
          onChange={({ currentTarget: { value } }) => change({ hours: value === 'business' ? 'business' : undefined })}
          data={[
            { value: 'all', label: 'All hours' },
            { value: 'business', label: 'Team hours only' },
          ]}
        />
        <Checkbox
          name="shows_titles"
          label="Show titles of pull requests and deployments"
          description="Otherwise their repository and number alone. Titles can name people."
        />
        <NativeSelect name="expires_in_days" label="Ends after" defaultValue="90" data={ends} />
        {given.statistic !== undefined && (
          <Alert>The statistic you chose is not carried along: the page shows each figure by its usual one.</Alert>
        )}
        <FormEnd submit="Make the link" form={create} onCancel={onCancel} />
      </Stack>
    </ApiForm>
  )
}

type LabelFieldProps = { readonly chosen: string[]; readonly onChange: (label: string[]) => void }

/** Only where there are labels to choose from. */
function LabelField({ chosen, onChange }: LabelFieldProps) {
  const rules = useQuery(labelRulesQuery)
  const labels = [...new Set([...(rules.data?.items ?? []).map(({ label }) => label), ...chosen])]
  if (labels.length === 0) return null
  return <MultiSelect label="Labels" searchable clearable value={chosen} onChange={onChange} data={labels} />
}
