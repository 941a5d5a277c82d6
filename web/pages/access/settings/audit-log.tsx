import { Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type * as z from 'zod'
import type { auditEvent } from '../../../../contract/access/organization.ts'
import { auditPages } from '../../../api/members.ts'
import { useMay } from '../../../shell/use-session.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, NoPermission, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { toWords } from '../../../ui/words.ts'

type AuditEvent = z.infer<typeof auditEvent>

const actorWords: Record<AuditEvent['actor_kind'], string> = {
  member: '',
  api_token: 'by API token',
  system: 'system',
  cli: 'command line',
}

/** Where the term itself would not say it. */
const actionWords: Record<string, string> = {
  'import.forced': 'Held import applied all the same',
  'intelligence.loaded': 'Published file about advisories loaded',
  'import.undone': 'Import taken back',
  'vulnerability.exported': 'Vulnerabilities exported',
  'import.file_downloaded': 'Report of an import downloaded',
}

const columns: Column<AuditEvent>[] = [
  {
    key: 'actor',
    header: 'Who',
    lead: true,
    cell: (row) => (
      <>
        <Text fw={600} className="break">
          {row.actor_name}
        </Text>
        {actorWords[row.actor_kind] !== '' && (
          <Text size="xs" c="dimmed">
            {actorWords[row.actor_kind]}
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'action',
    header: 'What',
    cell: (row) => (
      <div>
        <span className="break">{actionWords[row.action] ?? toWords(row.action)}</span>
        {row.summary !== null && (
          <Text size="xs" c="dimmed" className="break">
            {row.summary}
          </Text>
        )}
      </div>
    ),
  },
  {
    key: 'target',
    header: 'On',
    label: 'On',
    cell: (row) => row.target_kind !== null && <Target row={row} kind={row.target_kind} />,
  },
  {
    key: 'ip',
    header: 'From',
    label: 'From',
    width: '140px',
    cell: (row) => <span className="mono">{row.ip_address}</span>,
  },
  { key: 'at', header: 'When', width: '140px', cell: (row) => <TimeAgo at={row.created_at} /> },
]

function Target({ row, kind }: { readonly row: AuditEvent; readonly kind: string }) {
  if (kind === 'bulk_change' && row.target_id !== null)
    return (
      <AnchorLink to="/bulk-changes/$id" params={{ id: row.target_id }}>
        Bulk change
      </AnchorLink>
    )
  return (
    <Text span className="break">
      {/* One element: the parts of a card's line are laid out side by side, without the space between. */}
      <span>
        {toWords(kind)}{' '}
        {row.target_name === null ? (
          <span className="mono">{row.target_id?.slice(-8)}</span>
        ) : (
          <strong>{row.target_name}</strong>
        )}
      </span>
    </Text>
  )
}

export function AuditLog() {
  const mayRead = useMay('audit.read')
  const log = useInfiniteQuery({ ...auditPages, enabled: mayRead })
  const rows = log.data?.pages.flatMap((page) => page.items) ?? []
  if (!mayRead) {
    return (
      <Panel>
        <NoPermission what="The audit log is for administrators." />
      </Panel>
    )
  }
  return (
    <Panel flush title="Audit log" lead="Who did what, newest first. Nothing here can be changed or removed.">
      {log.isPending && <LoadingRows rows={8} />}
      {log.isError && <ProblemNote error={log.error} onRetry={() => void log.refetch()} />}
      {log.isSuccess && rows.length === 0 && (
        <EmptyState icon="clock" title="Nothing yet" text="Every change will be listed here." />
      )}
      {rows.length > 0 && (
        <>
          <DataTable caption="Audit log" columns={columns} rows={rows} rowKey={(row) => row.id} />
          <LoadMore shown={rows.length} one="entry" many="entries" query={log} />
        </>
      )}
    </Panel>
  )
}
