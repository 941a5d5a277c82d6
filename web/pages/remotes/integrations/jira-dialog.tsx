import { Modal, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { jiraRequirementsQuery } from '../../../api/connections.ts'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { ConnectedResult } from './connected-result.tsx'
import { JiraAppSteps, JiraTokenForm } from './jira-token-form.tsx'
import { OAuthForm } from './oauth-form.tsx'

type JiraDialogProps = { readonly opened: boolean; readonly onClose: () => void }

/** Two ways to a site of Jira; the credential is checked at once. */
export function JiraDialog({ opened, onClose }: JiraDialogProps) {
  const requirements = useQuery({ ...jiraRequirementsQuery, enabled: opened })
  const [made, setMade] = useState<Connection | null>(null)
  const navigate = useNavigate()
  const close = () => {
    onClose()
    setMade(null)
  }
  const proceed = (connection: Connection) => {
    close()
    void navigate({ to: '/integrations/connections/$id', params: { id: connection.id } })
  }
  const unreachable = requirements.data?.unreachable ?? null
  return (
    <Modal opened={opened} onClose={close} size="lg" title={<Text fw={650}>Connect Jira</Text>}>
      {requirements.isPending && <LoadingRows rows={5} />}
      {requirements.isError && <ProblemNote error={requirements.error} onRetry={() => void requirements.refetch()} />}
      {made !== null && <ConnectedResult connection={made} onProceed={() => proceed(made)} />}
      {made === null && unreachable !== null && (
        <Text mb="md" className="break">
          {unreachable}
        </Text>
      )}
      {made === null && requirements.data !== undefined && (
        <Tabs defaultValue="api_token" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="api_token">E-mail + API token</Tabs.Tab>
            <Tabs.Tab value="oauth">Log in (OAuth)</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="api_token">
            <JiraTokenForm requirements={requirements.data} onMade={setMade} />
          </Tabs.Panel>
          <Tabs.Panel value="oauth">
            <OAuthForm
              kind="jira"
              callbackUrl={requirements.data.oauth_callback_url}
              known={requirements.data.oauth_client_id}
              steps={<JiraAppSteps requirements={requirements.data} />}
            />
          </Tabs.Panel>
        </Tabs>
      )}
    </Modal>
  )
}
