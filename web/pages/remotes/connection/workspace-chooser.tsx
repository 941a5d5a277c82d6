import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { staleAfterWorkspace, useChooseWorkspace, workspacesQuery } from '../../../api/connections.ts'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'

export function WorkspaceChooser({ connection }: { readonly connection: Connection }) {
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
    <Panel title="Choose the workspace" lead="The login can see these. One connection is for one workspace.">
      {list.isPending && <LoadingRows rows={3} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          icon="search"
          title="No workspace"
          text="The account that logged in belongs to no workspace. Log in as another one."
        />
      )}
      {items.length > 0 && (
        <Stack>
          <Radio.Group value={workspace} onChange={setChosen} aria-label="Workspace">
            <Stack gap="sm">
              {items.map((item) => (
                <Radio
                  key={item.uuid}
                  value={item.uuid}
                  label={item.name}
                  description={`${item.slug}${item.is_administrator ? ' · you administer it: one webhook serves all repositories' : ' · a webhook for each repository'}`}
                />
              ))}
            </Stack>
          </Radio.Group>
          <FormProblem error={choose.error} />
          <Group>
            <Button disabled={workspace === null} loading={choose.isPending} onClick={save}>
              Use this workspace
            </Button>
            {workspace === null && <Text c="dimmed">Choose one first.</Text>}
          </Group>
        </Stack>
      )}
    </Panel>
  )
}
