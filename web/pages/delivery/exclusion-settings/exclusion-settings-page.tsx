import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Exclusion, exclusionsQuery, useIncludePullRequest, useRemoveExclusion } from '../../../api/exclusions.ts'
import { useMay } from '../../../shell/use-session.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { ExclusionDialog } from './exclusion-dialog.tsx'

/** What people left out of every figure of delivery: who did, and why. */
export function ExclusionSettingsPage() {
  const list = useQuery(exclusionsQuery)
  const mayDecide = useMay('deployment.decide')
  const [isNew, setIsNew] = useState(false)
  const rows = list.data?.items ?? []
  const add = (
    <Button leftSection={<Icon name="plus" size={15} />} onClick={() => setIsNew(true)}>
      Leave out
    </Button>
  )
  return (
    <Panel
      flush
      title="Left out of figures"
      lead="A repository, pull requests of a label, or single pull requests from their own pages. Every figure says how many it leaves out, and why."
      actions={mayDecide && rows.length > 0 && add}
    >
      {list.isPending && <LoadingRows rows={4} height={44} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          icon="check"
          title="Nothing is left out"
          text={
            mayDecide
              ? 'A sandbox, an import of old code or a rehearsal says nothing of how a team works: leave it out, with your reason.'
              : 'An administrator or security champion can leave repositories and pull requests out, with a reason.'
          }
          action={mayDecide ? add : undefined}
        />
      )}
      {rows.length > 0 && (
        <DataTable caption="Left out of figures" columns={columnsOf(mayDecide)} rows={rows} rowKey={({ id }) => id} />
      )}
      {isNew && <ExclusionDialog onClose={() => setIsNew(false)} />}
    </Panel>
  )
}

function columnsOf(mayDecide: boolean): Column<Exclusion>[] {
  const columns: Column<Exclusion>[] = [
    { key: 'what', header: 'What', lead: true, cell: (row) => <What row={row} /> },
    { key: 'reason', header: 'Reason', label: 'Reason', cell: ({ reason }) => <span className="break">{reason}</span> },
    {
      key: 'by',
      header: 'By',
      label: 'By',
      width: '200px',
      cell: ({ by, at }) => (
        <span>
          {by === '' ? '–' : by}
          {at !== null && ' · '}
          {at !== null && <TimeAgo at={at} />}
        </span>
      ),
    },
  ]
  if (!mayDecide) return columns
  return [...columns, { key: 'act', header: 'Change', width: '160px', cell: (row) => <CountAgain row={row} /> }]
}

function What({ row: { pull_request: pullRequest, repository, label } }: { readonly row: Exclusion }) {
  if (pullRequest !== null)
    return (
      <>
        <AnchorLink to="/analytics/pull-requests/$id" params={{ id: pullRequest.id }} className="break">
          {`#${pullRequest.number} ${pullRequest.title}`}
        </AnchorLink>
        <Text size="xs" c="dimmed">
          {repository?.name}
        </Text>
      </>
    )
  return (
    <span className="break">{repository === null ? `Pull requests of ${label}` : `All of ${repository.name}`}</span>
  )
}

function CountAgain({ row }: { readonly row: Exclusion }) {
  const rule = useRemoveExclusion()
  const one = useIncludePullRequest()
  const undo = row.kind === 'pull_request' ? one : rule
  const what = row.pull_request?.title ?? row.repository?.name ?? row.label ?? ''
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={undo.isPending}
        aria-label={`Count again: ${what}`}
        onClick={() => undo.mutate({ params: { id: row.id } })}
      >
        Count again
      </Button>
      <FormProblem error={undo.error} />
    </>
  )
}
