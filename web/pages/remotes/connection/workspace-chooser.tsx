import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { staleAfterWorkspace, useChooseWorkspace, workspacesQuery } from '../../../api/connections.ts'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { remoteWords } from '../remote-words.ts'

export function WorkspaceChooser({ connection }: { readonly connection: Connection }) {
  const { place } = remoteWords[connection.kind]
  const list = useQuery(workspacesQuery(connection.id))
  const [chosen, setChosen] = useState<string | null>(null)
  const choose = useChooseWorkspace()
  const navigate = useNavigate()
  const client = useQueryClient()
  const items = list.data?.items ?? []
  const workspace = chosen ?? (items.length === 1 ? (items[0]?.uuid ?? null) : null)
  const save = () => {
    if (workspace === null) return
    choose.mutate(
      { params: { id: connection.id }, body: { workspace } },
      {
        onSuccess: async ({ id }) => {
          // A workspace that was connected before keeps its connection; the one of this page is gone then.
          if (id !== connection.id)
            await navigate({ to: '/integrations/connections/$id', params: { id }, replace: true })
          await Promise.all(staleAfterWorkspace.map((route) => client.invalidateQueries({ queryKey: [route] })))
        },
      },
    )
  }
  return (
    <Panel title={`Choose the ${place}`} lead={`The login can see these. One connection is for one ${place}.`}>
      {list.isPending && <LoadingRows rows={3} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          icon="search"
          title={`No ${place}`}
          text={`The account that logged in belongs to no ${place}. Log in as another one.`}
        />
      )}
      {items.length > 0 && (
        <Stack>
          <Radio.Group value={workspace} onChange={setChosen} aria-label={`Which ${place}`}>
            <Stack gap="sm">
              {items.map((item) => (
                <Radio
                  key={item.uuid}
                  value={item.uuid}
                  label={item.name}
                  description={`${item.slug}${connection.kind === 'bitbucket' ? describeWebhooks(item.is_administrator) : ''}`}
                />
              ))}
            </Stack>
          </Radio.Group>
          <FormProblem error={choose.error} />
          <Group>
            <Button disabled={workspace === null} loading={choose.isPending} onClick={save}>
              Use this {place}
            </Button>
            {workspace === null && <Text c="dimmed">Choose one first.</Text>}
          </Group>
        </Stack>
      )}
    </Panel>
  )
}

function describeWebhooks(isAdministrator: boolean): string {
  return isAdministrator
    ? ' · you administer it: one webhook serves all repositories'
    : ' · a webhook for each repository'
}
