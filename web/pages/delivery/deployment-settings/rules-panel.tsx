import { Checkbox, Group, NumberInput, Stack, TagsInput, Text } from '@mantine/core'
import { useState } from 'react'
import type { DeploymentSettings } from '../../../../contract/delivery/deployment-settings.ts'
import { useUpdateDeploymentSettings } from '../../../api/deployments.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Panel } from '../../../ui/panel.tsx'

type RulesPanelProps = { readonly settings: DeploymentSettings; readonly mayWrite: boolean }

/** What is production, what a repair, and which deployments are failed changes. */
export function RulesPanel({ settings, mayWrite }: RulesPanelProps) {
  return (
    <Panel title="How they are judged" lead="What a person says of a deployment beats all of this.">
      {mayWrite ? <RulesForm settings={settings} /> : <RulesText settings={settings} />}
    </Panel>
  )
}

function RulesText({ settings }: { readonly settings: DeploymentSettings }) {
  const { production_patterns: production, repair_branches: repairs, repair_within_hours: hours } = settings
  return (
    <Stack gap={4}>
      <Text className="break">{`Production besides what Bitbucket says: ${production.join(', ') || 'none'}.`}</Text>
      <Text className="break">{`Repairs come from branches: ${repairs.join(', ') || 'none'}; within ${hours} h they say that the deployment before failed.`}</Text>
      <Text>{`Deployments that do not succeed ${settings.counts_failed_deployments ? 'count' : 'do not count'} as failed changes.`}</Text>
    </Stack>
  )
}

function RulesForm({ settings }: { readonly settings: DeploymentSettings }) {
  const [fields, setFields] = useState(settings)
  const update = useUpdateDeploymentSettings()
  const set = (part: Partial<DeploymentSettings>) => setFields((before) => ({ ...before, ...part }))
  return (
    <ApiForm
      onSubmit={() => update.mutate({ body: { ...fields, sources: settings.sources } })}
      label="How they are judged"
    >
      <Stack>
        <TagsInput
          label="Production environments"
          description="Names, * is anything. Those Bitbucket calls production are production anyway."
          value={fields.production_patterns}
          onChange={(production_patterns) => set({ production_patterns })}
        />
        <TagsInput
          label="Branches of repairs"
          description="What comes from them only repairs, as reverts do."
          value={fields.repair_branches}
          onChange={(repair_branches) => set({ repair_branches })}
        />
        <Group align="flex-end">
          <NumberInput
            label="A repair within (hours)"
            description="says that the deployment before it failed"
            min={1}
            max={720}
            allowDecimal={false}
            value={fields.repair_within_hours}
            onChange={(value) => set({ repair_within_hours: Number(value) })}
          />
          <NumberInput
            label="Before the first known one (days)"
            description="what was merged earlier is not its change"
            min={0}
            max={365}
            allowDecimal={false}
            value={fields.pre_history_days}
            onChange={(value) => set({ pre_history_days: Number(value) })}
          />
        </Group>
        <Checkbox
          label="Deployments that do not succeed are failed changes too"
          description="Otherwise they count in the rate of failed deployments alone, as DORA does it."
          checked={fields.counts_failed_deployments}
          onChange={({ currentTarget: { checked } }) => set({ counts_failed_deployments: checked })}
        />
        <FormEnd submit="Save" form={update} />
      </Stack>
    </ApiForm>
  )
}
