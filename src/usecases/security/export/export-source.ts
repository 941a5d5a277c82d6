import type { Db } from '../../../store/db.ts'
import {
  type ExportFinding,
  type ExportRow,
  listExportFindings,
  listExportIds,
  listExportRows,
  listExportRowsById,
  listExportScanners,
} from '../../../store/security/exports.ts'
import type { FilterScope, VulnerabilityFilters } from '../../../store/security/vulnerability-filters.ts'

/** Rows of one look into the database: a million of them never lie in memory together. */
const batchRows = 500

/** A vulnerability with what is told of it. */
export type ToldRow = { row: ExportRow; findings: readonly ExportFinding[] }

/** What an export is written from, batch by batch. */
export type ExportSource = {
  /** Address of this Weir, without a slash at its end. */
  publicUrl: string
  now: Date
  newId: () => string
  rows: () => AsyncGenerator<ExportRow[]>
  toldRows: () => AsyncGenerator<ToldRow[]>
  /** null stands for people. */
  scanners: () => Promise<(string | null)[]>
  toldBy: (scanner: string | null) => AsyncGenerator<ToldRow[]>
}

type Opening = Pick<ExportSource, 'publicUrl' | 'now' | 'newId'> & { scope: FilterScope; filters: VulnerabilityFilters }

export function openExportSource(db: Db, { scope, filters, ...fixed }: Opening): ExportSource {
  const { organizationId } = scope
  const query = (after: string | null) => ({ ...scope, filters, after, limit: batchRows })
  const rows = async function* (): AsyncGenerator<ExportRow[]> {
    let after: string | null = null
    for (;;) {
      const batch: ExportRow[] = await listExportRows(db, query(after))
      if (batch.length > 0) yield batch
      after = batch.at(-1)?.id ?? null
      if (batch.length < batchRows) return
    }
  }
  const withFindings = async (batch: readonly ExportRow[], scanner?: string): Promise<ToldRow[]> => {
    const vulnerabilityIds = batch.map((row) => row.id)
    const asked = { organizationId, vulnerabilityIds, ...(scanner !== undefined && { scanner }) }
    const found = Map.groupBy(await listExportFindings(db, asked), (finding) => finding.vulnerability_id)
    return batch.map((row) => ({ row, findings: found.get(row.id) ?? [] }))
  }
  return {
    ...fixed,
    rows,
    toldRows: async function* () {
      for await (const batch of rows()) yield await withFindings(batch)
    },
    scanners: async () => listExportScanners(db, scope, filters),
    toldBy: async function* (scanner) {
      let after: string | null = null
      for (;;) {
        const ids: string[] = await listExportIds(db, { ...query(after), scanner })
        const batch = await listExportRowsById(db, { organizationId, ids })
        if (batch.length > 0) yield await withFindings(batch, scanner ?? undefined)
        after = ids.at(-1) ?? null
        if (ids.length < batchRows) return
      }
    },
  }
}
