import { Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Asset } from '../../../../contract/security/assets.ts'
import type { ReportImport } from '../../../../contract/security/imports.ts'
import { importPages } from '../../../api/imports.ts'
import { useMay } from '../../../shell/use-session.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { formatNumber } from '../../../ui/words.ts'
import { ImportProgressBar } from '../import/import-progress.tsx'
import { ImportStateBadge } from '../import/import-state.tsx'
import { authorWords, outcomeWords } from '../import/import-words.ts'
import { UploadPanel } from './upload-panel.tsx'

const number = (key: 'new' | 'kept' | 'reopened' | 'closed', width = '76px'): Column<ReportImport> => ({
  key,
  header: outcomeWords[key],
  label: outcomeWords[key],
  width,
  align: 'right',
  cell: (row) => <span className="tabular">{formatNumber(row.counts[key])}</span>,
})

const columns: Column<ReportImport>[] = [
  {
    key: 'file',
    header: 'Report',
    lead: true,
    cell: (row) => (
      <>
        <AnchorLink to="/imports/$id" params={{ id: row.id }} fw={600} c="inherit" className="break">
          {row.tool ?? row.file_name}
        </AnchorLink>
        <Text size="xs" c="dimmed" className="break">
          {`${row.file_name} · ${row.branch}`}
        </Text>
        {row.progress !== null && <ImportProgressBar progress={row.progress} />}
      </>
    ),
  },
  { key: 'state', header: 'State', width: '120px', cell: (row) => <ImportStateBadge state={row.state} /> },
  number('new'),
  number('kept'),
  number('reopened', '96px'),
  number('closed'),
  { key: 'by', header: 'By', label: 'By', width: '140px', cell: authorWords },
  { key: 'when', header: 'When', width: '130px', cell: (row) => <TimeAgo at={row.created_at} /> },
]

export function ImportsTab({ asset }: { readonly asset: Asset }) {
  const mayImport = useMay('import.write')
  const list = useInfiniteQuery(importPages({ asset_id: [asset.id] }))
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack>
      {mayImport && <UploadPanel asset={asset} />}
      <Panel flush title="Imports">
        {list.isPending && <LoadingRows rows={5} />}
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && rows.length === 0 && (
          <EmptyState
            icon="file"
            title="Nothing imported yet"
            text="Drop a scanner's report above, or send it from a pipeline."
          />
        )}
        {rows.length > 0 && (
          <>
            <DataTable caption="Imports" columns={columns} rows={rows} rowKey={(row) => row.id} />
            <LoadMore shown={rows.length} one="import" query={list} />
          </>
        )}
      </Panel>
    </Stack>
  )
}
