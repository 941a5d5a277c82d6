import { Autocomplete, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DeploymentSettings, DeploymentSource } from '../../../../contract/delivery/deployment-settings.ts'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { useUpdateDeploymentSettings } from '../../../api/deployments.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ApiForm } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem } from '../../../ui/states.tsx'
import { formatDay } from '../../../ui/time-ago.tsx'
import { describeSource, sourceKinds, sourceWords } from './source-words.ts'

type SourcesPanelProps = { readonly settings: DeploymentSettings; readonly mayWrite: boolean }

const keyOf = ({ repository, valid_from }: DeploymentSource) => `${repository ?? '*'} ${valid_from}`

/** Which source tells deployments from which date on. */
export function SourcesPanel({ settings, mayWrite }: SourcesPanelProps) {
  const update = useUpdateDeploymentSettings()
  const { sources } = settings
  const save = (changed: DeploymentSource[]) => update.mutate({ body: { ...settings, sources: changed } })
  const remove = (row: DeploymentSource) => save(sources.filter((one) => keyOf(one) !== keyOf(row)))
  return (
    <Panel
      flush
      title="Sources of deployments"
      lead="One source tells the deployments of a repository at a time: from its date on, until the next of the same repository. Past figures are worked out anew."
    >
      {sources.length === 0 ? (
        <EmptyState
          icon="send"
          title="Bitbucket’s own deployments count"
          text="Without a source here, steps of pipelines with a deployment environment are what counts. Where a team deploys otherwise, say how."
        />
      ) : (
        <DataTable
          caption="Sources of deployments"
          columns={makeColumns(mayWrite ? { remove, isBusy: update.isPending } : undefined)}
          rows={sources}
          rowKey={keyOf}
        />
      )}
      <Stack p="md" gap="sm">
        {mayWrite && <NewSource isBusy={update.isPending} onAdd={(source) => save([...sources, source])} />}
        <FormProblem error={update.error} />
      </Stack>
    </Panel>
  )
}

type Removing = { readonly remove: (row: DeploymentSource) => void; readonly isBusy: boolean }

function makeColumns(removing: Removing | undefined): Column<DeploymentSource>[] {
  const columns: Column<DeploymentSource>[] = [
    {
      key: 'repository',
      header: 'Repository',
      lead: true,
      cell: ({ repository }) => (
        <Text fw={600} className="break">
          {repository ?? 'Every one without its own'}
        </Text>
      ),
    },
    { key: 'source', header: 'Source', label: 'Source', cell: (row) => describeSource(row) },
    {
      key: 'from',
      header: 'In force from',
      label: 'In force from',
      width: '150px',
      cell: ({ valid_from }) => formatDay(valid_from),
    },
  ]
  if (removing === undefined) return columns
  return [
    ...columns,
    { key: 'remove', header: 'Change', width: '110px', cell: (row) => <Remove row={row} removing={removing} /> },
  ]
}

function Remove({ row, removing }: { readonly row: DeploymentSource; readonly removing: Removing }) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={removing.isBusy}
      aria-label={`Remove ${describeSource(row)} of ${row.repository ?? 'every repository'}`}
      onClick={() => removing.remove(row)}
    >
      Remove
    </Button>
  )
}

type NewSourceProps = { readonly isBusy: boolean; readonly onAdd: (source: DeploymentSource) => void }

function NewSource({ isBusy, onAdd }: NewSourceProps) {
  const assets = useQuery(assetChoicesQuery)
  const [repository, setRepository] = useState('')
  const [kind, setKind] = useState<DeploymentSource['kind']>('tag')
  const [pattern, setPattern] = useState('')
  const [from, setFrom] = useState('')
  const names = (assets.data?.items ?? []).flatMap(({ repository: one }) => (one === null ? [] : [one.full_name]))
  const { meaning, pattern: of, example } = sourceWords[kind]
  const add = () =>
    onAdd({
      repository: repository.trim() === '' ? null : repository.trim(),
      kind,
      pattern: of === null ? null : pattern,
      valid_from: new Date(`${from}T00:00:00`).toISOString(),
    })
  return (
    <ApiForm onSubmit={add} label="New source">
      <Group align="flex-start" gap="sm">
        <Autocomplete
          label="Repository"
          description="Empty: every one"
          placeholder="workspace/slug"
          w={240}
          limit={30}
          value={repository}
          onChange={setRepository}
          data={[...new Set(names)]}
        />
        <NativeSelect
          label="Deployments are"
          description="Told by"
          value={kind}
          onChange={({ currentTarget: { value } }) => setKind(sourceKinds.find((one) => one === value) ?? 'tag')}
          data={sourceKinds.map((value) => ({ value, label: sourceWords[value].label }))}
        />
        {of !== null && (
          <TextInput
            label={of}
            description="* is anything"
            placeholder={example}
            required
            maxLength={200}
            w={160}
            value={pattern}
            onChange={(event) => setPattern(event.currentTarget.value)}
          />
        )}
        <TextInput
          type="date"
          label="In force from"
          description="This day on"
          required
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
      </Group>
      <Group justify="space-between" mt="xs">
        <Text size="sm" c="dimmed" style={{ flex: '1 1 260px' }}>
          {meaning}
        </Text>
        <Button type="submit" loading={isBusy}>
          Add the source
        </Button>
      </Group>
    </ApiForm>
  )
}
