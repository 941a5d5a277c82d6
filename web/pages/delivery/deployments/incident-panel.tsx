import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Incident } from '../../../../contract/delivery/incidents.ts'
import { incidentPages, useRecordIncident, useRemoveIncident } from '../../../api/deployments.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ExternalLink, isWebAddress } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { IncidentDialog } from './incident-dialog.tsx'

const sourceWords: Record<Incident['source'], string> = {
  push: 'told by a call',
  person: 'written down here',
  jira: 'read from Jira',
}

type IncidentPanelProps = {
  readonly repository: readonly string[] | undefined
  readonly team: readonly string[] | undefined
}

/** Incidents, which deployments are judged by. */
export function IncidentPanel({ repository, team }: IncidentPanelProps) {
  const mayWrite = useMay('deployment.write')
  const mayRemove = useMay('deployment.decide')
  const [shown, setShown] = useState<'all' | 'open'>('all')
  const [isAdding, setAdding] = useState(false)
  const list = useInfiniteQuery({
    ...incidentPages({
      ...(repository !== undefined && { repository: [...repository] }),
      ...(team !== undefined && { team: [...team] }),
      ...(shown === 'open' && { resolved: false }),
    }),
    placeholderData: keepPreviousData,
  })
  const isNarrowed = [repository, team].some((ids) => ids?.length)
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Panel
      flush
      title="Incidents"
      lead="Each is charged to the deployment it names, else to the last success before it began."
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Which incidents"
            value={shown}
            onChange={(value) => setShown(value === 'open' ? 'open' : 'all')}
            data={[
              { value: 'all', label: 'All' },
              { value: 'open', label: 'Not resolved' },
            ]}
          />
          {mayWrite && (
            <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
              Add an incident
            </Button>
          )}
        </>
      }
    >
      {list.isPending && <LoadingRows rows={3} height={44} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          icon="check"
          title={`No incident ${shown === 'open' ? 'lasts' : 'is known'}${isNarrowed ? ' here' : ''}`}
          text={`${isNarrowed ? 'Other repositories may have some. ' : ''}They come from a call of your alarm, from issues in Jira that a filter names under Settings, Deployments, or are written down here.`}
        />
      )}
      {rows.length > 0 && (
        <>
          <DataTable
            caption="Incidents"
            columns={makeColumns({ mayWrite, mayRemove })}
            rows={rows}
            rowKey={(row) => row.id}
          />
          <LoadMore shown={rows.length} one="incident" query={list} />
        </>
      )}
      <IncidentDialog opened={isAdding} onClose={() => setAdding(false)} />
    </Panel>
  )
}

type May = { readonly mayWrite: boolean; readonly mayRemove: boolean }

function makeColumns(may: May): Column<Incident>[] {
  const columns: Column<Incident>[] = [
    {
      key: 'what',
      header: 'Incident',
      lead: true,
      cell: (row) => (
        <>
          {row.web_url !== null && isWebAddress(row.web_url) ? (
            <ExternalLink href={row.web_url} className="break" fw={600}>
              {row.title}
            </ExternalLink>
          ) : (
            <Text fw={600} className="break">
              {row.title}
            </Text>
          )}
          <Text size="xs" c="dimmed" className="break">
            {[row.repository.name, ...(row.severity === null ? [] : [row.severity]), sourceWords[row.source]].join(
              ' · ',
            )}
          </Text>
        </>
      ),
    },
    { key: 'began', header: 'Began', label: 'Began', width: '150px', cell: (row) => <TimeAgo at={row.began_at} /> },
    {
      key: 'end',
      header: 'Resolved',
      label: 'Resolved',
      width: '150px',
      cell: ({ resolved_at: at }) => (at === null ? <ToneBadge tone="bad">Lasts</ToneBadge> : <TimeAgo at={at} />),
    },
  ]
  if (!may.mayWrite && !may.mayRemove) return columns
  return [...columns, { key: 'act', header: 'Change', width: '240px', cell: (row) => <Act incident={row} may={may} /> }]
}

function Act({ incident, may }: { readonly incident: Incident; readonly may: May }) {
  const record = useRecordIncident()
  const remove = useRemoveIncident()
  const [isAsking, setAsking] = useState(false)
  const { id, key, title, repository, resolved_at: end } = incident
  if (incident.source === 'jira') return <Text c="dimmed">Changes in Jira</Text>
  const tell = (resolved_at: string | null) =>
    record.mutate({ body: { repository: repository.path, key, title, resolved_at } })
  return (
    <Group gap="xs">
      {may.mayWrite && (
        <Button
          size="compact-xs"
          variant="default"
          loading={record.isPending}
          aria-label={`${end === null ? 'Resolve' : 'Open again'}: ${title}`}
          onClick={() => tell(end === null ? new Date().toISOString() : null)}
        >
          {end === null ? 'Resolve' : 'Open again'}
        </Button>
      )}
      {may.mayRemove && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Remove the incident ${title}`}
          onClick={() => setAsking(true)}
        >
          Remove
        </Button>
      )}
      <FormProblem error={record.error} />
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Remove this incident?"
        text={`“${title}” is taken out of every figure, as if it had never been.`}
        confirm="Remove"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { id } }, { onSuccess: () => setAsking(false) })}
      />
    </Group>
  )
}
