import { Button, NativeSelect, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Member } from '../../../../contract/access/members.ts'
import { roles } from '../../../../src/domain/permissions.ts'
import { membersQuery, useUpdateMember } from '../../../api/members.ts'
import { useMay, useSession } from '../../../shell/use-session.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { toWords } from '../../../ui/words.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { OpenInvitations } from './open-invitations.tsx'

function makeColumns(mayWrite: boolean, ownId: string): Column<Member>[] {
  const columns: Column<Member>[] = [
    {
      key: 'name',
      header: 'Member',
      lead: true,
      cell: (row) => (
        <>
          <Text fw={600} className="break">
            {row.name}
            {row.id === ownId && ' (you)'}
          </Text>
          <Text size="xs" c="dimmed" className="break">
            {row.email}
          </Text>
        </>
      ),
    },
    {
      key: 'role',
      header: 'Role',
      width: '160px',
      cell: (row) => (mayWrite && row.id !== ownId ? <RoleSelect member={row} /> : toWords(row.role)),
    },
    {
      key: 'state',
      header: 'State',
      width: '110px',
      cell: (row) =>
        row.disabled_at === null ? (
          <ToneBadge tone="good">Active</ToneBadge>
        ) : (
          <ToneBadge tone="notification">Disabled</ToneBadge>
        ),
    },
    { key: 'since', header: 'Since', label: 'Since', width: '140px', cell: (row) => <TimeAgo at={row.created_at} /> },
  ]
  if (mayWrite)
    columns.push({
      key: 'action',
      header: 'Action',
      width: '110px',
      cell: (row) => row.id !== ownId && <DisableButton member={row} />,
    })
  return columns
}

function RoleSelect({ member }: { readonly member: Member }) {
  const update = useUpdateMember()
  const change = (value: string) => {
    const role = roles.find((item) => item === value)
    if (role !== undefined) update.mutate({ params: { id: member.id }, body: { role } })
  }
  return (
    <NativeSelect
      size="xs"
      aria-label={`Role of ${member.name}`}
      value={member.role}
      disabled={update.isPending}
      onChange={(event) => change(event.currentTarget.value)}
      data={roles.map((value) => ({ value, label: toWords(value) }))}
      error={update.error?.detail}
    />
  )
}

function DisableButton({ member }: { readonly member: Member }) {
  const update = useUpdateMember()
  const disabled = member.disabled_at === null
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={update.isPending}
        aria-label={`${disabled ? 'Disable' : 'Enable'} ${member.name}`}
        onClick={() => update.mutate({ params: { id: member.id }, body: { disabled } })}
      >
        {disabled ? 'Disable' : 'Enable'}
      </Button>
      {update.isError && <Text size="xs">{update.error.detail}</Text>}
    </>
  )
}

export function Members() {
  const mayWrite = useMay('member.write')
  const { member } = useSession()
  const [opened, dialog] = useDisclosure(false)
  const list = useQuery(membersQuery)
  return (
    <Stack>
      <Panel
        flush
        title="Members"
        lead="A change of role or a disabled account acts on the next request."
        actions={
          mayWrite && (
            <Button leftSection={<Icon name="plus" size={15} />} onClick={dialog.open}>
              Invite
            </Button>
          )
        }
      >
        {list.isPending && <LoadingRows rows={4} height={44} />}
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.data !== undefined && (
          <DataTable
            caption="Members"
            columns={makeColumns(mayWrite, member.id)}
            rows={list.data.items}
            rowKey={(row) => row.id}
          />
        )}
      </Panel>
      {mayWrite && <OpenInvitations />}
      <InviteDialog opened={opened} onClose={dialog.close} />
    </Stack>
  )
}
