import type { ReportImport } from '../../../../contract/security/imports.ts'
import type { Actor } from '../../../domain/actor.ts'
import { firstUnits } from '../../../lib/cut-text.ts'
import { type SpooledReport, spoolReport } from '../../../scanners/spool-report.ts'
import type { AssetRow } from '../../../store/security/assets.ts'
import { beginImport, failImport } from './begin-import.ts'
import { chooseBranches } from './choose-branches.ts'
import { findTargetAsset } from './find-target-asset.ts'
import { getImport } from './get-import.ts'
import type { ImportDeps } from './import-deps.ts'
import { countBytes, createSilentProgress, type ImportProgress, type Progress } from './import-progress.ts'
import { readReport } from './read-report.ts'
import { type ImportJob, runImport, tryImport } from './run-import.ts'

export type ImportInput = {
  organizationId: string
  actor: Actor
  /** Key or id of the asset. */
  asset: string
  /** Left out: the asset's default branch. */
  branch?: string | undefined
  /** Of a pull request's scan: the branch it goes to, and what Bitbucket calls it (choose-branches.ts). */
  targetBranch?: string | undefined
  pullRequestId?: string | undefined
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
  /** Length of the body, where it is known before it came. */
  bodyBytes?: number | undefined
  /** A random word by which the sender can ask for this import while it runs. */
  progressKey?: string | undefined
  onProgress?: ((progress: ImportProgress) => void) | undefined
}

/**
 * Takes a report in: all of it or nothing. Answers the import as it stands then (`applied`, `unchanged`, `previewed`,
 * or `held` with the reason). While it runs it is in the list of imports and tells how far it is. Throws `not_found` for an
 * unknown asset and `report_…` for what cannot be read; whatever else goes wrong stays in the list as `failed`, too.
 */
export async function importReport(deps: ImportDeps, input: ImportInput): Promise<ReportImport> {
  const { organizationId } = input
  const asset = await findTargetAsset(deps.db, { organizationId, asset: input.asset })
  const importId = deps.newId()
  const progress =
    input.dryRun === true ? createSilentProgress(input.onProgress) : await begin(deps, { input, asset, importId })
  let file: SpooledReport | undefined
  try {
    const body = countBytes(input.body, (bytesRead) => progress.tell({ bytesRead }))
    file = await spoolReport(body, { folder: deps.tempFolder, maxBytes: deps.limits.maxReportBytes })
    return await takeIn(deps, { input, asset, importId, progress, file })
  } catch (error) {
    await progress.end()
    if (input.dryRun !== true) await failImport(deps, { organizationId, importId, file, progress }, error)
    throw error
  } finally {
    await file?.remove()
  }
}

type Start = { input: ImportInput; asset: AssetRow; importId: string }

async function begin(deps: ImportDeps, { input, asset, importId }: Start): Promise<Progress> {
  const { actor } = input
  return beginImport(deps, {
    beginning: {
      organizationId: input.organizationId,
      id: importId,
      assetId: asset.id,
      ...chooseBranches(input, asset),
      commitHash: input.commit ?? null,
      scope: input.scope ?? 'full',
      fileName: fileName(input),
      source: input.source ?? 'api',
      memberId: actor.kind === 'member' ? actor.memberId : null,
      tokenId: actor.kind === 'member' ? actor.tokenId : null,
    },
    watch: {
      clientKey: input.progressKey ?? null,
      bytesTotal: input.bodyBytes ?? null,
      onProgress: input.onProgress,
    },
  })
}

type Taking = Start & { progress: Progress; file: SpooledReport }

async function takeIn(deps: ImportDeps, { input, asset, importId, progress, file }: Taking): Promise<ReportImport> {
  const { organizationId } = input
  const read = await readReport({
    path: file.path,
    bytes: file.bytes,
    format: input.format,
    maxResults: deps.limits.maxResults,
    salt: organizationId,
    progress,
  })
  const job: ImportJob = {
    organizationId,
    importId,
    actor: input.actor,
    asset,
    ...chooseBranches(input, asset),
    commit: input.commit ?? read.report.commit,
    scope: input.scope ?? 'full',
    wish: input.preview === true ? 'preview' : 'apply',
    read,
    file: { path: file.path, name: fileName(input), sha256: file.sha256, bytes: file.bytes },
    source: input.source ?? 'api',
    ipAddress: input.ipAddress,
    progress,
  }
  if (input.dryRun === true) return tryImport(deps, job)
  await runImport(deps, job)
  return getImport(deps, { organizationId, id: importId })
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
