import { Text } from '@mantine/core'
import type { ReportImport } from '../../../../contract/security/imports.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { formatNumber } from '../../../ui/words.ts'
import { ImportProgressBar } from './import-progress.tsx'
import { ImportStateBadge } from './import-state.tsx'
import { authorWords, branchesWords, outcomeWords, restWords, toolWords } from './import-words.ts'

const number = (key: 'new' | 'kept' | 'reopened' | 'closed', width = '76px'): Column<ReportImport> => ({
  key,
  header: outcomeWords[key],
  label: outcomeWords[key],
  width,
  align: 'right',
  cell: (row) => <span className="tabular">{formatNumber(row.counts[key])}</span>,
})

function Report({ row, place }: { readonly row: ReportImport; readonly place: string }) {
  const rest = restWords(row)
  return (
    <>
      <AnchorLink to="/imports/$id" params={{ id: row.id }} fw={600} c="inherit" className="break">
        {toolWords(row)}
      </AnchorLink>
      <Text size="xs" c="dimmed" className="break">
        {`${row.file_name} · ${place}`}
      </Text>
      {rest !== '' && (
        <Text size="xs" c="dimmed" className="break tabular">
          {rest}
        </Text>
      )}
      {row.progress !== null && <ImportProgressBar progress={row.progress} />}
    </>
  )
}

const reportOf = (toPlace: (row: ReportImport) => string): Column<ReportImport> => ({
  key: 'file',
  header: 'Report',
  lead: true,
  cell: (row) => <Report row={row} place={toPlace(row)} />,
})

const rest: Column<ReportImport>[] = [
  { key: 'state', header: 'State', width: '120px', cell: (row) => <ImportStateBadge state={row.state} /> },
  number('new'),
  number('kept'),
  number('reopened', '96px'),
  number('closed'),
  { key: 'by', header: 'By', label: 'By', width: '140px', cell: authorWords },
  { key: 'when', header: 'When', width: '130px', cell: (row) => <TimeAgo at={row.created_at} /> },
]

const ofOneAsset = [reportOf(branchesWords), ...rest]
const ofAll = [reportOf((row) => `${row.asset.name}, ${branchesWords(row)}`), ...rest]

/** Imports, newest first; of several assets each says of which. */
export function ImportTable({ rows, isOfAll = false }: { readonly rows: ReportImport[]; readonly isOfAll?: boolean }) {
  return <DataTable caption="Imports" columns={isOfAll ? ofAll : ofOneAsset} rows={rows} rowKey={(row) => row.id} />
}
