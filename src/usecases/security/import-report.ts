import type { ReportImport } from '../../../contract/security/imports.ts'
import type { Actor } from '../../domain/actor.ts'
import { AppError } from '../../lib/app-error.ts'
import { firstUnits } from '../../lib/cut-text.ts'
import { type SpooledReport, spoolReport } from '../../scanners/spool-report.ts'
import type { AssetRow } from '../../store/security/assets.ts'
import { insertImport, noCounts } from '../../store/security/imports.ts'
import { findTargetAsset } from './find-target-asset.ts'
import { getImport } from './get-import.ts'
import type { ImportDeps } from './import-deps.ts'
import { readReport } from './read-report.ts'
import { type ImportJob, runImport, tryImport } from './run-import.ts'

export type ImportInput = {
  organizationId: string
  actor: Actor
  /** Key or id of the asset. */
  asset: string
  /** Left out: the asset's default branch. */
  branch?: string | undefined
  commit?: string | undefined
  format?: string | undefined
  fileName?: string | undefined
  /** A partial report proves nothing gone. */
  scope?: 'full' | 'partial' | undefined
  preview?: boolean | undefined
  /** A preview that leaves no trace: no import to decide on, and of a report that cannot be read no line in their list. */
  dryRun?: boolean | undefined
  source?: 'browser' | 'cli' | 'api' | undefined
  /** Where the request came from, for the audit log. */
  ipAddress?: string | undefined
  body: AsyncIterable<Uint8Array>
}

/**
 * Takes a report in: all of it or nothing. Answers the import as it stands then (`applied`, `unchanged`, `previewed`,
 * or `held` with the reason). Throws `not_found` for an unknown asset and `report_…` for what cannot be read; the latter
 * stays in the list of imports as `failed`.
 */
export async function importReport(deps: ImportDeps, input: ImportInput): Promise<ReportImport> {
  const { organizationId } = input
  const asset = await findTargetAsset(deps.db, { organizationId, asset: input.asset })
  const spooled = await spoolReport(input.body, {
    folder: deps.tempFolder,
    maxBytes: deps.limits.maxReportBytes,
  }).catch((error: unknown) => recordFailure(deps, { input, asset, file: null, error }))
  try {
    const read = await readReport({
      path: spooled.path,
      bytes: spooled.bytes,
      format: input.format,
      maxResults: deps.limits.maxResults,
      salt: organizationId,
    }).catch((error: unknown) => recordFailure(deps, { input, asset, file: spooled, error }))
    const importId = deps.newId()
    const job: ImportJob = {
      organizationId,
      importId,
      actor: input.actor,
      asset,
      branch: input.branch ?? asset.default_branch,
      commit: input.commit ?? read.report.commit,
      scope: input.scope ?? 'full',
      wish: input.preview === true ? 'preview' : 'apply',
      read,
      file: { path: spooled.path, name: fileName(input), sha256: spooled.sha256, bytes: spooled.bytes },
      source: input.source ?? 'api',
      ipAddress: input.ipAddress,
    }
    if (input.dryRun === true) return await tryImport(deps, job)
    await runImport(deps, job)
    return await getImport(deps, { organizationId, id: importId })
  } finally {
    await spooled.remove()
  }
}

type Failure = { input: ImportInput; asset: AssetRow; file: SpooledReport | null; error: unknown }

/** A refused report is part of the history of imports: somebody will ask why last night's scan is missing. */
async function recordFailure(deps: ImportDeps, { input, asset, file, error }: Failure): Promise<never> {
  if (!(error instanceof AppError) || !error.code.startsWith('report_') || input.dryRun === true) throw error
  const { actor } = input
  await insertImport(deps.db, {
    organizationId: input.organizationId,
    id: deps.newId(),
    assetId: asset.id,
    branch: input.branch ?? asset.default_branch,
    commitHash: input.commit ?? null,
    format: null,
    tool: null,
    toolVersion: null,
    scope: input.scope ?? 'full',
    state: 'failed',
    reason: error.detail,
    errorCode: error.code,
    counts: noCounts,
    unread: [],
    fileName: fileName(input),
    fileSha256: file?.sha256 ?? '',
    fileBytes: file?.bytes ?? 0,
    source: input.source ?? 'api',
    memberId: actor.kind === 'member' ? actor.memberId : null,
    tokenId: actor.kind === 'member' ? actor.tokenId : null,
    now: deps.clock(),
  })
  throw error
}

/** The last part of what the sender called it, without what would break a line or a column. */
function fileName(input: ImportInput): string {
  const last = (input.fileName ?? '').split(/[/\\]/).at(-1) ?? ''
  const clean = firstUnits(
    last
      .replace(/\p{Cc}/gu, '')
      .toWellFormed()
      .trim(),
    255,
  )
  return clean === '' ? 'report' : clean
}
