import {
  Button,
  Group,
  Modal,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Policy, policySlaStates } from '../../../../contract/security/policies.ts'
import { findingKinds } from '../../../../src/domain/finding-kind.ts'
import { type Severity, severities } from '../../../../src/domain/severity.ts'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { useCreatePolicy, useTryPolicy, useUpdatePolicy } from '../../../api/policies.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { slaWords } from '../../../ui/sla.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { severityWords, toWords } from '../../../ui/words.ts'
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

type Conditions = Pick<Policy, 'min_severity' | 'kinds' | 'asset_ids' | 'tags' | 'branches' | 'sla_states'>
const noConditions: Conditions = {
  min_severity: 'critical',
  kinds: [],
  asset_ids: [],
  tags: [],
  branches: [],
  sla_states: [],
}

/** A whole policy holds more than may be sent back. */
function toAsked({ min_severity, kinds, asset_ids, tags, branches, sla_states }: Conditions): Conditions {
  return { min_severity, kinds, asset_ids, tags, branches, sla_states }
}

function usePolicyForm(policy: Policy | null, onClose: () => void) {
  const [name, setName] = useState(policy?.name ?? '')
  const [conditions, setConditions] = useState<Conditions>(policy ?? noConditions)
  const [maxPerRun, setMaxPerRun] = useState<number>(policy?.max_per_run ?? 100)
  const create = useCreatePolicy()
  const update = useUpdatePolicy()
  const save = () => {
    const body = { name, ...toAsked(conditions), max_per_run: maxPerRun }
    if (policy === null) create.mutate({ body: { ...body, enabled: true } }, { onSuccess: onClose })
    else update.mutate({ params: { id: policy.id }, body }, { onSuccess: onClose })
  }
  const change = (part: Partial<Conditions>) => setConditions((before) => ({ ...before, ...part }))
  const state = { name, setName, conditions, change, maxPerRun, setMaxPerRun }
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
            onClick={() => dryRun.mutate({ body: toAsked(form.conditions) })}
          >
            Dry run
          </Button>
          <Text size="xs" c="dimmed">
            A policy acts on imports from now on; “Send now” on the page sends what is there already.
          </Text>
        </Group>
        <FormProblem error={dryRun.error} />
        {dryRun.data !== undefined && <DryRunResult result={dryRun.data} maxPerRun={form.maxPerRun} />}
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

function toSeverity(text: string): Severity {
  return severities.find((item) => item === text) ?? 'critical'
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
        value={form.conditions.min_severity}
        onChange={(event) => form.change({ min_severity: toSeverity(event.currentTarget.value) })}
        data={severities.map((value) => ({ value, label: severityWords[value] }))}
      />
      <MultiSelect
        label="Kinds"
        description="What the finding is about. Leave empty for any."
        clearable
        value={form.conditions.kinds}
        onChange={(kinds) => form.change({ kinds: findingKinds.filter((kind) => kinds.includes(kind)) })}
        data={findingKinds.map((value) => ({ value, label: toWords(value) }))}
      />
      <MultiSelect
        label="Assets"
        description="Leave empty for every asset."
        searchable
        clearable
        value={form.conditions.asset_ids}
        onChange={(assetIds) => form.change({ asset_ids: assetIds })}
        data={choices.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <TagsInput
        label="Tags"
        description="Only assets that carry one of them. Leave empty for any."
        value={form.conditions.tags}
        onChange={(tags) => form.change({ tags })}
        data={tagChoices}
      />
      <TagsInput
        label="Branches"
        description="By name. Leave empty for every branch."
        value={form.conditions.branches}
        onChange={(branches) => form.change({ branches })}
        data={[...new Set(choices.map((asset) => asset.default_branch))]}
      />
      <MultiSelect
        label="Deadline"
        description="Also sends what comes to stand there later. Leave empty for any."
        clearable
        value={form.conditions.sla_states}
        onChange={(states) => form.change({ sla_states: policySlaStates.filter((state) => states.includes(state)) })}
        data={policySlaStates.map((value) => ({ value, label: slaWords[value].label }))}
      />
      <NumberInput
        label="Most at once"
        description="One import sends no more by this policy; the rest is held back until somebody sends it."
        min={1}
        max={10_000}
        allowDecimal={false}
        value={form.maxPerRun}
        onChange={(value) => form.setMaxPerRun(typeof value === 'number' ? value : 100)}
      />
    </>
  )
}
