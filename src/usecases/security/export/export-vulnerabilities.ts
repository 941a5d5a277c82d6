import type { ExportFormat } from '../../../../contract/security/exports.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import { listMemberNames } from '../../../store/access/members.ts'
import type { Db } from '../../../store/db.ts'
import { listAssetNames } from '../../../store/security/assets.ts'
import { countTarget } from '../../../store/security/bulk-changes.ts'
import type { VulnerabilityFilters } from '../../../store/security/vulnerability-filters.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { describeFilters } from './describe-filters.ts'
import { type ExportSource, openExportSource } from './export-source.ts'
import { writeCsv } from './write-csv.ts'
import { writeJson } from './write-json.ts'
import { writeSarif } from './write-sarif.ts'
import { writeVex } from './write-vex.ts'

type Input = {
  organizationId: string
  memberId: string
  auditor: AuditActor
  format: ExportFormat
  filters: VulnerabilityFilters
}

/** `chunks` reads on as it is read; leaving it ends the reading. */
export type Export = { count: number; fileName: string; mediaType: string; chunks: AsyncGenerator<string> }

/** What the filters match, as a file. That somebody took it away is noted in the audit log. */
export async function exportVulnerabilities(
  deps: { db: Db; clock: Clock; newId: NewId; publicUrl: string },
  { organizationId, memberId, auditor, format, filters }: Input,
): Promise<Export> {
  const now = deps.clock()
  const scope = { organizationId, memberId, now }
  const count = await countTarget(deps.db, scope, { kind: 'filters', filters })
  const after = {
    format,
    vulnerabilities: count,
    filtered_by: namesOf(filters),
    summary: await summarise(deps.db, organizationId, { format, count, filters }),
  }
  await recordAudit(deps, deps.db, { organizationId, actor: auditor, action: 'vulnerability.exported', after })
  const { publicUrl, newId } = deps
  const source = openExportSource(deps.db, { publicUrl, now, newId, scope, filters })
  const { ending, mediaType, write } = formats[format]
  return {
    count,
    mediaType,
    fileName: `vulnerabilities-${now.toISOString().slice(0, 10)}.${ending}`,
    chunks: write(source),
  }
}

const isMember = (assignee: string) => assignee !== 'me' && assignee !== 'nobody'

/** `CSV, 3 vulnerabilities: severity high, asset Quay, default branches`. */
async function summarise(
  db: Db,
  organizationId: string,
  { format, count, filters }: { format: ExportFormat; count: number; filters: VulnerabilityFilters },
): Promise<string> {
  const memberIds = [...(filters.assignee_id ?? []), ...(filters.assignee_id_not ?? [])].filter(isMember)
  const assetIds = [...(filters.asset_id ?? []), ...(filters.asset_id_not ?? [])]
  const assets = await listAssetNames(db, { organizationId, ids: assetIds })
  const members = await listMemberNames(db, { organizationId, ids: memberIds })
  const words = describeFilters(filters, (id) => assets.get(id) ?? members.get(id))
  const noun = count === 1 ? 'vulnerability' : 'vulnerabilities'
  return `${formats[format].name}, ${count} ${noun}: ${words.join('; ')}`
}

/** By what it was narrowed, as the API names it. */
function namesOf(filters: VulnerabilityFilters): string[] {
  return Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [name]))
}

type Format = {
  name: string
  ending: string
  mediaType: string
  write: (source: ExportSource) => AsyncGenerator<string>
}

const formats: Readonly<Record<ExportFormat, Format>> = {
  csv: { name: 'CSV', ending: 'csv', mediaType: 'text/csv; charset=utf-8; header=present', write: writeCsv },
  json: { name: 'JSON', ending: 'json', mediaType: 'application/json; charset=utf-8', write: writeJson },
  sarif: { name: 'SARIF', ending: 'sarif', mediaType: 'application/sarif+json; charset=utf-8', write: writeSarif },
  vex: {
    name: 'CycloneDX VEX',
    ending: 'vex.cdx.json',
    mediaType: 'application/vnd.cyclonedx+json; version=1.6',
    write: writeVex,
  },
}

/** At most so many at once: each reads as long as its receiver likes. */
const mostAtOnce = 4

/** Keeps a process from giving away more than `most` files at a time. Throws `rate_limited`. */
export function createExportLimit(most: number = mostAtOnce): () => () => void {
  let running = 0
  return () => {
    if (running >= most)
      throw new AppError('rate_limited', `${most} exports run already. Wait until one of them has ended.`, {
        meta: { retry_after_s: 10 },
      })
    running += 1
    let isOver = false
    return () => {
      if (!isOver) running -= 1
      isOver = true
    }
  }
}
