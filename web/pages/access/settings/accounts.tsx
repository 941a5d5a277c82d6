import { Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contributor } from '../../../../contract/access/contributors.ts'
import { contributorTitles } from '../../../../src/domain/remote-kind.ts'
import { contributorPages } from '../../../api/contributors.ts'
import { membersQuery } from '../../../api/members.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { AccountOwner, type Choice } from './account-owner.tsx'

function makeColumns(mayWrite: boolean, members: readonly Choice[]): Column<Contributor>[] {
  return [
    {
      key: 'account',
      header: 'Account',
      lead: true,
      cell: (row) => (
        <>
          <Group gap={8}>
            <Text fw={600} className="break">
              {row.name}
            </Text>
            {row.is_bot && <ToneBadge tone="calm">Program</ToneBadge>}
            {row.is_closed && <ToneBadge tone="notification">Closed</ToneBadge>}
          </Group>
          {row.nickname !== null && (
            <Text size="xs" c="dimmed" className="break">
              {row.nickname}
            </Text>
          )}
        </>
      ),
    },
    { key: 'at', header: 'At', label: 'At', width: '110px', cell: (row) => contributorTitles[row.kind] },
    {
      key: 'member',
      header: 'Member',
      width: '280px',
      cell: (row) => <AccountOwner account={row} members={members} mayWrite={mayWrite} />,
    },
    {
      key: 'seen',
      header: 'Last seen',
      label: 'Last seen',
      width: '130px',
      cell: (row) => <TimeAgo at={row.last_seen_at} />,
    },
  ]
}

const shows = [
  { value: 'all', label: 'All' },
  { value: 'false', label: 'Nobody’s here' },
  { value: 'true', label: 'Of members' },
] as const

/** Whoever was seen at Bitbucket and Jira, and whose account it is. */
export function Accounts() {
  const mayWrite = useMay('member.write')
  const [text, setText] = useState('')
  const [show, setShow] = useState<(typeof shows)[number]['value']>('all')
  const filter = { ...(text !== '' && { text }), ...(show !== 'all' && { linked: show === 'true' }) }
  const list = useInfiniteQuery({ ...contributorPages(filter), placeholderData: keepPreviousData })
  const members = useQuery(membersQuery).data?.items ?? []
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const choices = members.filter((one) => one.disabled_at === null).map(({ id, name }) => ({ id, name }))
  return (
    <Panel
      flush
      title="Accounts"
      lead="Whoever was seen at Bitbucket and Jira. What an account of a member writes shows under their name, and mentions of it call them."
    >
      <Stack gap="sm" p="md">
        <Group gap="sm">
          <SearchInput
            label="Search accounts"
            placeholder="Name of an account or member"
            value={text}
            onChange={setText}
          />
          <SegmentedControl
            size="xs"
            aria-label="Which accounts"
            data={[...shows]}
            value={show}
            onChange={(value) => setShow(shows.find((one) => one.value === value)?.value ?? 'all')}
          />
        </Group>
      </Stack>
      {list.isPending && <LoadingRows rows={5} height={44} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          icon="person"
          title={text === '' && show === 'all' ? 'Nobody was seen yet' : 'No account is like this'}
          text={
            text === '' && show === 'all'
              ? 'Accounts appear here when somebody writes in a thread at Bitbucket or Jira.'
              : 'Search for another name, or look at all accounts.'
          }
        />
      )}
      {rows.length > 0 && (
        <>
          <DataTable caption="Accounts" columns={makeColumns(mayWrite, choices)} rows={rows} rowKey={(row) => row.id} />
          <LoadMore shown={rows.length} one="account" query={list} />
        </>
      )}
    </Panel>
  )
}
