import { Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Asset } from '../../../../contract/security/assets.ts'
import { importPages } from '../../../api/imports.ts'
import { useMay } from '../../../shell/use-session.ts'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { ImportTable } from '../import/import-table.tsx'
import { UploadPanel } from './upload-panel.tsx'

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
            <ImportTable rows={rows} />
            <LoadMore shown={rows.length} one="import" query={list} />
          </>
        )}
      </Panel>
    </Stack>
  )
}
