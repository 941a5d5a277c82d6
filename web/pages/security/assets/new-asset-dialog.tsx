import { Modal, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCreateAsset } from '../../../api/assets.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'

/** `Payment Service` → `payment-service`, as the key's rule asks. */
function toKey(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 100)
}

export function NewAssetDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const [key, setKey] = useState('')
  const [isKeyTyped, setKeyTyped] = useState(false)
  const create = useCreateAsset()
  const navigate = useNavigate()
  const submit = (form: FormData) =>
    create.mutate(
      { body: { key, name: readText(form, 'name'), default_branch: readText(form, 'default_branch') } },
      {
        onSuccess: (asset) =>
          void navigate({ to: '/assets/$id', params: { id: asset.id }, search: { tab: 'imports' } }),
      },
    )
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>New asset without a repository</Text>}>
      <ApiForm onSubmit={submit} label="New asset">
        <Stack>
          <TextInput
            name="name"
            label="Name"
            required
            maxLength={200}
            data-autofocus
            onChange={(event) => {
              if (!isKeyTyped) setKey(toKey(event.currentTarget.value))
            }}
          />
          <TextInput
            name="key"
            label="Key"
            description="For the command line and pipelines: lower case letters, digits, dot, dash, underscore."
            required
            pattern="[a-z0-9][a-z0-9._\-]{0,99}"
            value={key}
            onChange={(event) => {
              setKeyTyped(true)
              setKey(event.currentTarget.value)
            }}
            error={fieldError(create.error, 'key')}
          />
          <TextInput name="default_branch" label="Default branch" required defaultValue="main" maxLength={255} />
          <FormEnd submit="Make the asset" form={create} onCancel={onClose} />
        </Stack>
      </ApiForm>
    </Modal>
  )
}
