import { Button, Group, Modal, MultiSelect, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Policy } from '../../../../contract/security/policies.ts'
import { type Severity, severities } from '../../../../src/domain/severity.ts'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { useCreatePolicy, useTryPolicy, useUpdatePolicy } from '../../../api/policies.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { severityWords } from '../../../ui/words.ts'
import { DryRunResult } from './dry-run-result.tsx'

type PolicyDialogProps = { readonly edited: Policy | 'new' | null; readonly onClose: () => void }

export function PolicyDialog({ edited, onClose }: PolicyDialogProps) {
  const title = edited === 'new' || edited === null ? 'New policy' : `Policy “${edited.name}”`
  return (
    <Modal opened={edited !== null} onClose={onClose} size="lg" title={<Text fw={650}>{title}</Text>}>
      {edited !== null && <PolicyForm policy={edited === 'new' ? null : edited} onClose={onClose} />}
    </Modal>
  )
}

function usePolicyForm(policy: Policy | null, onClose: () => void) {
  const [name, setName] = useState(policy?.name ?? '')
  const [severity, setSeverity] = useState<Severity>(policy?.min_severity ?? 'critical')
  const [assetIds, setAssetIds] = useState<string[]>(policy?.asset_ids ?? [])
  const [tags, setTags] = useState<string[]>(policy?.tags ?? [])
  const create = useCreatePolicy()
  const update = useUpdatePolicy()
  const save = () => {
    const body = { name, min_severity: severity, asset_ids: assetIds, tags }
    if (policy === null) create.mutate({ body: { ...body, enabled: true } }, { onSuccess: onClose })
    else update.mutate({ params: { id: policy.id }, body }, { onSuccess: onClose })
  }
  const state = { name, setName, severity, setSeverity, assetIds, setAssetIds, tags, setTags }
  return { ...state, save, isPending: create.isPending || update.isPending, error: create.error ?? update.error }
}

function PolicyForm({ policy, onClose }: { readonly policy: Policy | null; readonly onClose: () => void }) {
  const form = usePolicyForm(policy, onClose)
  const dryRun = useTryPolicy()
  return (
    <ApiForm onSubmit={form.save} label="Policy">
      <Stack>
        <PolicyFields form={form} />
        <Group justify="space-between">
          <Button
            variant="default"
            loading={dryRun.isPending}
            onClick={() =>
              dryRun.mutate({ body: { min_severity: form.severity, asset_ids: form.assetIds, tags: form.tags } })
            }
          >
            Dry run
          </Button>
          <Text size="xs" c="dimmed">
            A policy acts on imports from now on.
          </Text>
        </Group>
        <FormProblem error={dryRun.error} />
        {dryRun.data !== undefined && <DryRunResult result={dryRun.data} />}
        <FormProblem error={form.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={form.isPending}>
            {policy === null ? 'Make the policy' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </ApiForm>
  )
}

function PolicyFields({ form }: { readonly form: ReturnType<typeof usePolicyForm> }) {
  const assets = useQuery(assetChoicesQuery)
  const choices = assets.data?.items ?? []
  const tagChoices = [...new Set(choices.flatMap((asset) => asset.tags))]
  return (
    <>
      <TextInput
        label="Name"
        required
        maxLength={200}
        data-autofocus
        value={form.name}
        onChange={(event) => form.setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Severity"
        description="This one and worse are sent."
        value={form.severity}
        onChange={(event) =>
          form.setSeverity(severities.find((item) => item === event.currentTarget.value) ?? 'critical')
        }
        data={severities.map((value) => ({ value, label: severityWords[value] }))}
      />
      <MultiSelect
        label="Assets"
        description="Leave empty for every asset."
        searchable
        clearable
        value={form.assetIds}
        onChange={form.setAssetIds}
        data={choices.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <TagsInput
        label="Tags"
        description="Only assets that carry one of them. Leave empty for any."
        value={form.tags}
        onChange={form.setTags}
        data={tagChoices}
      />
    </>
  )
}
