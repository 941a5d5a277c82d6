import type { ExportRow } from '../../../store/security/exports.ts'
import type { ExportSource } from './export-source.ts'

/** One object: when it was made, and the vulnerabilities, each on a line of its own. */
export async function* writeJson(source: ExportSource): AsyncGenerator<string> {
  yield `{"weir_export":1,"exported_at":${JSON.stringify(source.now.toISOString())},"vulnerabilities":[`
  let isFirst = true
  for await (const batch of source.rows()) {
    const lines = batch.map((row) => JSON.stringify(toJson(row, source.publicUrl)))
    yield `${isFirst ? '' : ','}\n${lines.join(',\n')}`
    isFirst = false
  }
  yield '\n]}\n'
}

function toJson(row: ExportRow, publicUrl: string) {
  const { asset_key, asset_name, cvss_score, items, ...rest } = row
  return {
    ...rest,
    cvss_score: cvss_score === null ? null : Number(cvss_score),
    asset: { key: asset_key, name: asset_name },
    items,
    url: `${publicUrl}/vulnerabilities/${row.id}`,
  }
}
