import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { connectionQuery } from '../../../api/connections.ts'
import { DetailFailure } from '../../../shell/detail-failure.tsx'
import { PagePending } from '../../../shell/page-states.tsx'
import { useMay } from '../../../shell/use-session.ts'
import { FactList } from '../../../ui/fact-list.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink, ButtonLink, ExternalLink } from '../../../ui/links.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { ConnectionState } from '../integrations/connection-state.tsx'
import { ScopeChecks } from '../integrations/scope-checks.tsx'
import { ReadingPanel } from '../reading/reading-panel.tsx'
import { remoteWords } from '../remote-words.ts'
import { ConnectionActions } from './connection-actions.tsx'
import { ConnectionTroubles } from './connection-troubles.tsx'
import { CredentialEnd } from './credential-end.tsx'
import { FollowedPanel } from './followed-panel.tsx'
import { OutagePanel } from './outage-panel.tsx'
import { ProgressPanel } from './progress-panel.tsx'
import { ReconciliationPanel } from './reconciliation-panel.tsx'
import { RepositoryChooser } from './repository-chooser.tsx'
import { SendQueuePanel } from './send-queue-panel.tsx'
import { WebhookPanel } from './webhook-panel.tsx'
import { WithdrawnPanel } from './withdrawn-panel.tsx'
import { WorkspaceChooser } from './workspace-chooser.tsx'

const route = getRouteApi('/app/integrations/connections/$id')

const authWords: Record<Connection['auth_kind'], string> = {
  oauth: 'OAuth login',
  api_token: 'E-mail and API token',
  access_token: 'Access token',
  app_password: 'User name and app password',
}

export function ConnectionPage() {
  const { id } = route.useParams()
  const found = useQuery(connectionQuery(id))
  if (found.isPending) return <PagePending />
  if (found.isError) {
    return (
      <DetailFailure
        what="connection"
        back={<BackToIntegrations />}
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    )
  }
  return <Loaded connection={found.data} />
}

function BackToIntegrations() {
  return (
    <AnchorLink to="/integrations" size="sm" mb={4} display="inline-flex">
      <Icon name="left" size={16} />
      Integrations
    </AnchorLink>
  )
}

function Loaded({ connection }: { readonly connection: Connection }) {
  const mayWrite = useMay('connection.write')
  const isLive = connection.state !== 'disconnected'
  const isBitbucket = connection.kind === 'bitbucket'
  return (
    <>
      <PageHeader
        title={connection.name}
        above={<BackToIntegrations />}
        lead={
          <Stack gap={4} mt={6}>
            <Group gap={10}>
              <ConnectionState state={connection.state} />
              <Text span>{authWords[connection.auth_kind]}</Text>
            </Group>
            {connection.state_reason !== null && (
              <Text c="var(--mantine-color-text)" className="break">
                {connection.state_reason}
              </Text>
            )}
            {isLive && <ConnectionTroubles connection={connection} />}
          </Stack>
        }
        actions={
          mayWrite &&
          (isLive ? (
            <ConnectionActions connection={connection} />
          ) : (
            <ButtonLink to={remoteWords[connection.kind].page}>Connect again</ButtonLink>
          ))
        }
      />
      <Stack>
        {connection.workspace === null && mayWrite && isLive && <WorkspaceChooser connection={connection} />}
        {isLive && <WithdrawnPanel connection={connection} mayWrite={mayWrite} />}
        {isLive && <OutagePanel connection={connection} mayWrite={mayWrite} />}
        {isBitbucket && isLive && <ProgressPanel id={connection.id} />}
        {isLive && <SendQueuePanel connectionId={connection.id} />}
        {isBitbucket && connection.workspace !== null && mayWrite && isLive && (
          <RepositoryChooser connection={connection} />
        )}
        {isBitbucket && isLive && <FollowedPanel connectionId={connection.id} />}
        {isBitbucket && isLive && connection.workspace !== null && <ReadingPanel connectionId={connection.id} />}
        <WebhookPanel connection={connection} mayWrite={mayWrite && isLive} />
        <ReconciliationPanel connectionId={connection.id} isLive={isLive} />
        <Details connection={connection} mayWrite={mayWrite} />
      </Stack>
    </>
  )
}

function Details({ connection, mayWrite }: { readonly connection: Connection; readonly mayWrite: boolean }) {
  return (
    <Panel title="Credential">
      <Stack>
        <FactList
          facts={[
            connection.workspace !== null && {
              name: connection.kind === 'jira' ? 'Site' : 'Workspace',
              value: (
                <ExternalLink href={connection.web_url} className="break">
                  {connection.workspace.name}
                </ExternalLink>
              ),
            },
            connection.remote_account_name !== null && { name: 'Account', value: connection.remote_account_name },
            connection.checked_at !== null && { name: 'Checked', value: <TimeAgo at={connection.checked_at} /> },
            connection.auth_kind !== 'oauth' &&
              connection.state !== 'disconnected' && {
                name: 'Ends',
                value: <CredentialEnd connection={connection} mayWrite={mayWrite} />,
              },
            connection.paused_until !== null && {
              name: 'Paused',
              value: (
                <>
                  {remoteWords[connection.kind].title} asked for a pause; goes on{' '}
                  <TimeAgo at={connection.paused_until} />
                </>
              ),
            },
            connection.operations_failed + connection.deliveries_failed > 0 && {
              name: 'Failed for good',
              value: (
                <AnchorLink
                  to="/integrations/deliveries"
                  search={{ state: ['failed'], connection_id: [connection.id] }}
                >
                  {`${count(connection.operations_failed, 'change')} out, ${count(connection.deliveries_failed, 'webhook')} in`}
                </AnchorLink>
              ),
            },
          ]}
        />
        {connection.state === 'disconnected' ? (
          <Text c="dimmed">The credential was forgotten when this was disconnected.</Text>
        ) : (
          <ScopeChecks scopes={connection.scopes} />
        )}
      </Stack>
    </Panel>
  )
}
