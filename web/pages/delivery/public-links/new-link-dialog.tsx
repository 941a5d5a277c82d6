import { Checkbox, Modal, MultiSelect, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { useCreatePublicLink } from '../../../api/public-links.ts'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { ShownOnce } from '../../access/settings/shown-once.tsx'
import type { AnalyticsSearch } from '../analytics/analytics-search.ts'
import { figureGroupWords } from '../analytics/group-words.ts'

const periods = [
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
  { value: '180', label: 'Last half year' },
  { value: '365', label: 'Last year' },
]
const ends = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: 'One year' },
]

/** Those whose figures name no vulnerability and no person. */
export const shownGroups = ['dora', 'flow', 'reviews', 'health', 'pipelines'] as const

/** What the form begins with. */
type View = Pick<AnalyticsSearch, 'group' | 'days' | 'repository' | 'branch'>

type NewLinkDialogProps = { readonly opened: boolean; readonly onClose: () => void; readonly view?: View }

/** What a link shows is chosen here and cannot be changed in its address. */
export function NewLinkDialog({ opened, onClose, view = {} }: NewLinkDialogProps) {
  const create = useCreatePublicLink()
  const close = () => {
    onClose()
    create.reset()
  }
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>New public link</Text>}>
      {create.data === undefined ? (
        <LinkForm view={view} create={create} onCancel={close} />
      ) : (
        <ShownOnce value={create.data.url} copy="Copy the link" onDone={close}>
          <Text>Copy it now: Weir keeps only its hash and can never show it again.</Text>
        </ShownOnce>
      )}
    </Modal>
  )
}

type LinkFormProps = {
  readonly view: View
  readonly create: ReturnType<typeof useCreatePublicLink>
  readonly onCancel: () => void
}

function LinkForm({ view, create, onCancel }: LinkFormProps) {
  const assets = useQuery(assetChoicesQuery)
  const [repositories, setRepositories] = useState<string[]>(view.repository ?? [])
  const [branches, setBranches] = useState<string[]>(view.branch ?? [])
  const choices = (assets.data?.items ?? []).flatMap(({ repository }) => (repository === null ? [] : [repository]))
  const submit = (form: FormData) =>
    create.mutate({
      body: {
        name: readText(form, 'name'),
        group: shownGroups.find((one) => one === readText(form, 'group')) ?? 'dora',
        days: Number(readText(form, 'days')),
        from: null,
        to: null,
        repository_ids: repositories,
        branches,
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
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
          name="group"
          label="Shows"
          defaultValue={view.group ?? 'dora'}
          data={shownGroups.map((one) => ({ value: one, label: figureGroupWords[one] }))}
        />
        <NativeSelect name="days" label="Period" defaultValue={view.days ?? '90'} data={periods} />
        <MultiSelect
          label="Repositories"
          description="Their names are shown. None chosen: the figures of all, and no names."
          searchable
          clearable
          value={repositories}
          onChange={setRepositories}
          data={choices.map(({ id, full_name }) => ({ value: id, label: full_name }))}
        />
        <TagsInput label="Branches merged into" clearable value={branches} onChange={setBranches} />
        <Checkbox
          name="shows_titles"
          label="Show titles of pull requests and deployments"
          description="Otherwise their repository and number alone. Titles can name people."
        />
        <NativeSelect name="expires_in_days" label="Ends after" defaultValue="90" data={ends} />
        <FormEnd submit="Make the link" form={create} onCancel={onCancel} />
      </Stack>
    </ApiForm>
  )
}
