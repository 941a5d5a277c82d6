import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import type { MergeSuggestion } from '../../../../contract/delivery/contributor-merges.ts'
import { mergeSuggestionsQuery, useKeepApart, useMergeContributors } from '../../../api/teams.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { AccountName } from './account-name.tsx'

const reasons = {
  account: 'the same Atlassian account',
  email: 'the same e-mail address',
  member: 'both are one member’s',
} as const

const columns: Column<MergeSuggestion>[] = [
  { key: 'into', header: 'Person', lead: true, cell: (row) => <AccountName account={row.into} /> },
  { key: 'from', header: 'Also', label: 'Also', cell: (row) => <AccountName account={row.from} /> },
  {
    key: 'why',
    header: 'Because',
    label: 'Because',
    width: '200px',
    cell: (row) => row.reasons.map((reason) => reasons[reason]).join(', '),
  },
  { key: 'act', header: 'Are they one?', width: '180px', cell: (row) => <Decide suggestion={row} /> },
]

function Decide({ suggestion: { from, into } }: { readonly suggestion: MergeSuggestion }) {
  const merge = useMergeContributors()
  const apart = useKeepApart()
  return (
    <Group gap="xs">
      <Button
        size="compact-xs"
        variant="default"
        loading={merge.isPending}
        aria-label={`Merge ${from.name} into ${into.name}`}
        onClick={() => merge.mutate({ body: { merges: [{ from: from.id, into: into.id }], source: 'suggestion' } })}
      >
        Merge
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        loading={apart.isPending}
        aria-label={`${from.name} and ${into.name} are two people`}
        onClick={() => apart.mutate({ body: { one_id: from.id, other_id: into.id } })}
      >
        Two people
      </Button>
      <FormProblem error={merge.error ?? apart.error} />
    </Group>
  )
}

/** Accounts that are likely one person's. */
export function MergePanel() {
  const list = useQuery(mergeSuggestionsQuery)
  const merge = useMergeContributors()
  const items = list.data?.items ?? []
  const all = () =>
    merge.mutate(
      { body: { merges: items.map(({ from, into }) => ({ from: from.id, into: into.id })), source: 'suggestion' } },
      {
        onSuccess: ({ merged, refused }) =>
          notifications.show({
            message: `${count(merged, 'account')} merged${refused.length > 0 ? `, ${refused.length} not: ${refused[0]?.reason ?? ''}` : ''}`,
          }),
      },
    )
  return (
    <Panel
      flush
      title="One person, several accounts"
      lead="Figures count people. What is merged counts as one, back to the first commit, and can be taken apart again."
      actions={
        items.length > 1 && (
          <Button variant="default" loading={merge.isPending} onClick={all}>
            {`Merge all ${items.length}`}
          </Button>
        )
      }
    >
      {list.isPending && <LoadingRows rows={3} height={44} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          icon="person"
          title="Nothing to suggest"
          text="No two accounts share an Atlassian account, an e-mail address or a member. A table merges what you know besides."
        />
      )}
      <FormProblem error={merge.error} />
      {items.length > 0 && (
        <DataTable
          caption="Suggested merges"
          columns={columns}
          rows={items}
          rowKey={(row) => `${row.from.id} ${row.into.id}`}
        />
      )}
    </Panel>
  )
}
