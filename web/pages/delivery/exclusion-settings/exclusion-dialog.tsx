import { Modal, NativeSelect, Select, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { useCreateExclusion } from '../../../api/exclusions.ts'
import { labelRulesQuery } from '../../../api/lens.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'

const kinds = [
  { value: 'repository', label: 'A repository, with its deployments and pipelines' },
  { value: 'label', label: 'Pull requests of a label' },
]

/** Asks what to leave out, and why. */
export function ExclusionDialog({ onClose }: { readonly onClose: () => void }) {
  const create = useCreateExclusion()
  const assets = useQuery(assetChoicesQuery)
  const labels = useQuery(labelRulesQuery)
  const [kind, setKind] = useState('repository')
  const [chosen, setChosen] = useState<string | null>(null)
  const repositories = (assets.data?.items ?? []).flatMap(({ repository }) =>
    repository === null ? [] : [{ value: repository.id, label: repository.full_name }],
  )
  const names = [...new Set((labels.data?.items ?? []).map(({ label }) => label))]
  const save = (form: FormData) => {
    if (chosen === null) return
    const reason = readText(form, 'reason')
    const body = kind === 'repository' ? { repository_id: chosen, reason } : { label: chosen, reason }
    create.mutate({ body }, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Leave out of figures</Text>}>
      <ApiForm onSubmit={save} label="Leave out of figures">
        <Stack>
          <NativeSelect
            label="What"
            value={kind}
            onChange={({ currentTarget: { value } }) => {
              setKind(value)
              setChosen(null)
            }}
            data={kinds}
          />
          <Select
            label={kind === 'repository' ? 'Repository' : 'Label'}
            searchable
            required
            value={chosen}
            onChange={setChosen}
            data={kind === 'repository' ? repositories : names}
            nothingFoundMessage={
              kind === 'repository' ? 'No repository is called like this.' : 'Labels are rules, made on Analytics.'
            }
          />
          <Textarea
            name="reason"
            label="Reason"
            description="Everybody reads it beside the figures."
            required
            autosize
            minRows={2}
            maxLength={500}
            error={fieldError(create.error, 'reason')}
          />
          <FormEnd submit="Leave it out" form={create} onCancel={onClose} />
        </Stack>
      </ApiForm>
    </Modal>
  )
}
