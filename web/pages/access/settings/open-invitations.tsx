import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Invitation } from '../../../../contract/access/members.ts'
import { invitationsQuery, useRevokeInvitation } from '../../../api/members.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { toWords } from '../../../ui/words.ts'

function RevokeButton({ invitation }: { readonly invitation: Invitation }) {
  const revoke = useRevokeInvitation()
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={revoke.isPending}
      aria-label={`Take back the invitation of ${invitation.email}`}
      onClick={() => revoke.mutate({ params: { id: invitation.id } })}
    >
      Take back
    </Button>
  )
}

const columns: Column<Invitation>[] = [
  { key: 'email', header: 'E-mail', lead: true, cell: (row) => <span className="break">{row.email}</span> },
  { key: 'role', header: 'Role', label: 'Role', width: '130px', cell: (row) => toWords(row.role) },
  { key: 'ends', header: 'Ends', label: 'Ends', width: '150px', cell: (row) => <TimeAgo at={row.expires_at} /> },
  { key: 'action', header: 'Action', width: '120px', cell: (row) => <RevokeButton invitation={row} /> },
]

export function OpenInvitations() {
  const list = useQuery(invitationsQuery)
  return (
    <Panel flush title="Open invitations">
      {list.isPending && <LoadingRows rows={2} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <Text c="dimmed" p={18}>
          Nobody is invited at the moment.
        </Text>
      )}
      {list.data !== undefined && list.data.items.length > 0 && (
        <DataTable caption="Open invitations" columns={columns} rows={list.data.items} rowKey={(row) => row.id} />
      )}
    </Panel>
  )
}
