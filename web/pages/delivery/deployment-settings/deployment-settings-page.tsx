import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { deploymentSettingsQuery } from '../../../api/deployments.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { IncidentFilters } from './incident-filters.tsx'
import { PushHelp } from './push-help.tsx'
import { RulesPanel } from './rules-panel.tsx'
import { SourcesInForce } from './sources-in-force.tsx'
import { SourcesPanel } from './sources-panel.tsx'

/** Where deployments and incidents are told from, and how they are judged. */
export function DeploymentSettingsPage() {
  const settings = useQuery(deploymentSettingsQuery)
  const mayWrite = useMay('organization.write')
  if (settings.isPending)
    return (
      <Panel title="Deployments">
        <LoadingRows rows={6} height={36} />
      </Panel>
    )
  if (settings.isError)
    return (
      <Panel title="Deployments">
        <ProblemNote error={settings.error} onRetry={() => void settings.refetch()} />
      </Panel>
    )
  // Made anew when somebody else, or the other form, saved: each form sends all of it.
  const version = JSON.stringify(settings.data)
  return (
    <Stack gap="lg">
      <SourcesPanel key={`sources ${version}`} settings={settings.data} mayWrite={mayWrite} />
      <SourcesInForce />
      <RulesPanel key={`rules ${version}`} settings={settings.data} mayWrite={mayWrite} />
      <IncidentFilters mayWrite={mayWrite} />
      <PushHelp />
    </Stack>
  )
}
