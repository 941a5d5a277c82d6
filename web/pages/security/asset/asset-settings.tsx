import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Asset } from '../../../../contract/security/assets.ts'
import { useUpdateAsset } from '../../../api/assets.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm, fieldError, readList, readText } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem } from '../../../ui/states.tsx'

const impacts = ['low', 'medium', 'high'] as const
const exposures = ['internal', 'internet'] as const

/** A select offers only its own values; the first stands for anything else. */
function pick<Choice extends string>(choices: readonly [Choice, ...Choice[]], value: string): Choice {
  return choices.find((choice) => choice === value) ?? choices[0]
}

export function AssetSettings({ asset }: { readonly asset: Asset }) {
  const mayWrite = useMay('asset.write')
  const update = useUpdateAsset()
  const save = (form: FormData) =>
    update.mutate(
      {
        params: { id: asset.id },
        body: {
          name: readText(form, 'name'),
          default_branch: readText(form, 'default_branch'),
          business_impact: pick(impacts, readText(form, 'business_impact')),
          exposure: pick(exposures, readText(form, 'exposure')),
          data_classes: readList(form, 'data_classes'),
          tags: readList(form, 'tags'),
        },
      },
      { onSuccess: () => notifications.show({ message: 'Saved' }) },
    )
  return (
    <Stack>
      <Panel title="Settings" {...(!mayWrite && { lead: 'Your role can read these settings, not change them.' })}>
        <ApiForm onSubmit={save} label="Settings of the asset">
          <fieldset disabled={!mayWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
            <Stack>
              <SettingFields asset={asset} error={update.error} />
              <FormProblem error={update.error} />
              {mayWrite && (
                <Group justify="flex-end">
                  <Button type="submit" loading={update.isPending}>
                    Save
                  </Button>
                </Group>
              )}
            </Stack>
          </fieldset>
        </ApiForm>
      </Panel>
      {mayWrite && <ArchivePanel asset={asset} />}
    </Stack>
  )
}

type FieldsProps = { readonly asset: Asset; readonly error: unknown }

function SettingFields({ asset, error }: FieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput name="name" label="Name" required maxLength={200} defaultValue={asset.name} />
      <TextInput
        name="default_branch"
        label="Default branch"
        description="Its findings make the asset's figures."
        required
        defaultValue={asset.default_branch}
      />
      <NativeSelect
        name="business_impact"
        label="Business impact"
        description="Another one moves the deadlines of its vulnerabilities."
        defaultValue={asset.business_impact}
        data={[
          { value: 'low', label: 'Low' },
          { value: 'medium', label: 'Medium' },
          { value: 'high', label: 'High' },
        ]}
      />
      <NativeSelect
        name="exposure"
        label="Exposure"
        defaultValue={asset.exposure}
        data={[
          { value: 'internal', label: 'Internal' },
          { value: 'internet', label: 'Internet' },
        ]}
      />
      <TextInput
        name="tags"
        label="Tags"
        description="Separated by commas. Policies can name them."
        defaultValue={asset.tags.join(', ')}
        error={fieldError(error, 'tags')}
      />
      <TextInput
        name="data_classes"
        label="Data classes"
        description="Separated by commas, such as personal, payment."
        defaultValue={asset.data_classes.join(', ')}
      />
    </SimpleGrid>
  )
}

function ArchivePanel({ asset }: { readonly asset: Asset }) {
  const update = useUpdateAsset()
  const params = { id: asset.id }
  return (
    <Panel title={asset.archived_at === null ? 'Archive' : 'Bring back'}>
      <Group justify="space-between">
        <Text c="dimmed" maw={560}>
          {asset.archived_at === null
            ? 'An archived asset leaves lists and figures; its vulnerabilities and history stay.'
            : 'The asset appears in lists and figures again.'}
        </Text>
        <Button
          variant="default"
          loading={update.isPending}
          onClick={() => update.mutate({ params, body: { archived: asset.archived_at === null } })}
        >
          {asset.archived_at === null ? 'Archive the asset' : 'Bring it back'}
        </Button>
      </Group>
      <FormProblem error={update.error} />
    </Panel>
  )
}
