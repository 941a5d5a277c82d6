import { Anchor, Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ApiToken } from '../../../../contract/access/api-tokens.ts'
import { apiTokensQuery, useRevokeApiToken } from '../../../api/members.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { NewTokenDialog } from './new-token-dialog.tsx'

function RevokeButton({ token }: { readonly token: ApiToken }) {
  const [opened, dialog] = useDisclosure(false)
  const revoke = useRevokeApiToken()
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={dialog.open} aria-label={`Revoke the token ${token.name}`}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={`Revoke “${token.name}”?`}
        text="Whatever uses it is refused from now on. This cannot be undone."
        confirm="Revoke the token"
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate({ params: { id: token.id } }, { onSuccess: dialog.close })}
      />
    </>
  )
}

const columns: Column<ApiToken>[] = [
  {
    key: 'name',
    header: 'Token',
    lead: true,
    cell: (row) => (
      <>
        <Text fw={600} className="break">
          {row.name}
        </Text>
        <Text size="xs" c="dimmed" className="mono">{`${row.prefix}…`}</Text>
      </>
    ),
  },
  {
    key: 'scopes',
    header: 'Scopes',
    width: '190px',
    cell: (row) => (
      <Group gap={4}>
        {row.scopes.map((scope) => (
          <ToneBadge key={scope} tone="calm">
            {scope}
          </ToneBadge>
        ))}
      </Group>
    ),
  },
  { key: 'expires', header: 'Ends', label: 'Ends', width: '140px', cell: (row) => <TimeAgo at={row.expires_at} /> },
  {
    key: 'used',
    header: 'Last used',
    label: 'Last used',
    width: '140px',
    cell: (row) => (row.last_used_at === null ? <Text c="dimmed">Never</Text> : <TimeAgo at={row.last_used_at} />),
  },
  { key: 'action', header: 'Action', width: '100px', cell: (row) => <RevokeButton token={row} /> },
]

export function ApiTokens() {
  const [opened, dialog] = useDisclosure(false)
  const list = useQuery(apiTokensQuery)
  return (
    <>
      <Panel
        flush
        title="API tokens"
        lead={
          <>
            For pipelines and scripts. A token speaks for you, within its scopes and your role.{' '}
            <Anchor href="/api/docs" size="sm" underline="always">
              What the API can do
            </Anchor>
          </>
        }
        actions={
          <Button leftSection={<Icon name="plus" size={15} />} onClick={dialog.open}>
            New token
          </Button>
        }
      >
        {list.isPending && <LoadingRows rows={3} height={44} />}
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.data?.items.length === 0 && (
          <EmptyState
            icon="key"
            title="No tokens"
            text="Make one to import reports from a pipeline, or to use the API."
          />
        )}
        {list.data !== undefined && list.data.items.length > 0 && (
          <DataTable caption="API tokens" columns={columns} rows={list.data.items} rowKey={(row) => row.id} />
        )}
      </Panel>
      <NewTokenDialog opened={opened} onClose={dialog.close} />
    </>
  )
}
