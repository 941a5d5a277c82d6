import { Button, Group, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ContributorMerge } from '../../../../contract/delivery/contributor-merges.ts'
import { mergePages, useUndoMerge, useUndoUpload } from '../../../api/teams.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { AccountName } from './account-name.tsx'

const makeColumns = (mayWrite: boolean): Column<ContributorMerge>[] => [
  { key: 'from', header: 'Account', lead: true, cell: (row) => <AccountName account={row.from} /> },
  { key: 'into', header: 'Merged into', label: 'Merged into', cell: (row) => <AccountName account={row.into} /> },
  {
    key: 'by',
    header: 'By',
    label: 'By',
    width: '180px',
    cell: (row) => (
      <>
        <Text className="break">{row.source === 'file' ? `${row.made_by}, by a table` : row.made_by}</Text>
        <Text size="xs" c="dimmed">
          <TimeAgo at={row.made_at} />
        </Text>
      </>
    ),
  },
  { key: 'undo', header: 'State', width: '200px', cell: (row) => <State merge={row} mayWrite={mayWrite} /> },
]

function State({ merge, mayWrite }: { readonly merge: ContributorMerge; readonly mayWrite: boolean }) {
  const undo = useUndoMerge()
  const undoAll = useUndoUpload()
  const { id, upload_id: upload } = merge
  if (merge.undone_by !== null) return <Text c="dimmed" className="break">{`Taken back by ${merge.undone_by}`}</Text>
  if (!mayWrite) return <Text>Merged</Text>
  return (
    <Group gap="xs">
      <Button
        size="compact-xs"
        variant="default"
        loading={undo.isPending}
        aria-label={`Take back the merge of ${merge.from.name} into ${merge.into.name}`}
        onClick={() => undo.mutate({ params: { id } })}
      >
        Take back
      </Button>
      {upload !== null && (
        <Button
          size="compact-xs"
          variant="default"
          loading={undoAll.isPending}
          aria-label={`Take back the whole table with ${merge.from.name}`}
          onClick={() => undoAll.mutate({ params: { id: upload } })}
        >
          Whole table
        </Button>
      )}
      <FormProblem error={undo.error ?? undoAll.error} />
    </Group>
  )
}

/** What was merged, and taken back. */
export function MergeHistory({ mayWrite }: { readonly mayWrite: boolean }) {
  const list = useInfiniteQuery(mergePages)
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Panel flush title="History of merges" lead="Taking one back leaves everything as if it had never been said.">
      {list.isPending && <LoadingRows rows={3} height={44} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState icon="clock" title="Nothing was merged yet" text="What is merged above stands here." />
      )}
      {rows.length > 0 && (
        <>
          <DataTable caption="History of merges" columns={makeColumns(mayWrite)} rows={rows} rowKey={(row) => row.id} />
          <LoadMore shown={rows.length} one="merge" query={list} />
        </>
      )}
    </Panel>
  )
}
