import { Modal, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { requirementsQuery } from '../../../api/connections.ts'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { AccessTokenForm } from './access-token-form.tsx'
import { ApiTokenForm } from './api-token-form.tsx'
import { ConnectedResult } from './connected-result.tsx'
import { HostFields } from './host-fields.tsx'
import { BitbucketConsumerSteps, OAuthForm } from './oauth-form.tsx'

type IntegrateDialogProps = { readonly opened: boolean; readonly onClose: () => void }

/** Three ways to the same connection; whatever way, the credential is checked at once. */
export function IntegrateDialog({ opened, onClose }: IntegrateDialogProps) {
  const requirements = useQuery({ ...requirementsQuery, enabled: opened })
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
  return (
    <Modal opened={opened} onClose={close} size="lg" title={<Text fw={650}>Integrate Bitbucket</Text>}>
      {requirements.isPending && <LoadingRows rows={5} />}
      {requirements.isError && <ProblemNote error={requirements.error} onRetry={() => void requirements.refetch()} />}
      {made !== null && <ConnectedResult connection={made} onProceed={() => proceed(made)} />}
      {made === null && (requirements.data?.unreachable ?? null) !== null && (
        <Text mb="md" className="break">
          {requirements.data?.unreachable}
        </Text>
      )}
      {made === null && requirements.data !== undefined && (
        <Tabs defaultValue="oauth" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="oauth">Log in (OAuth)</Tabs.Tab>
            <Tabs.Tab value="api_token">E-mail + API token</Tabs.Tab>
            <Tabs.Tab value="access_token">Access token</Tabs.Tab>
          </Tabs.List>
          <Stack>
            <Tabs.Panel value="oauth">
              <OAuthForm
                kind="bitbucket"
                callbackUrl={requirements.data.oauth_callback_url}
                known={requirements.data.oauth_consumer_client_id}
                steps={<BitbucketConsumerSteps requirements={requirements.data} />}
                hosts={<HostFields requirements={requirements.data} />}
              />
            </Tabs.Panel>
            <Tabs.Panel value="api_token">
              <ApiTokenForm requirements={requirements.data} onMade={setMade} />
            </Tabs.Panel>
            <Tabs.Panel value="access_token">
              <AccessTokenForm requirements={requirements.data} onMade={setMade} />
            </Tabs.Panel>
          </Stack>
        </Tabs>
      )}
    </Modal>
  )
}
