import type { ReportImport } from '../../../contract/security/imports.ts'
import type { Actor } from '../../domain/actor.ts'
import { firstUnits } from '../../lib/cut-text.ts'
import type { Db } from '../../store/db.ts'
import type { AssetRow } from '../../store/security/assets.ts'
import { closeFindings, type ImportContext } from '../../store/security/findings.ts'
import { deleteImportItems, insertClosedItems } from '../../store/security/import-items.ts'
import {
  deleteFileChunks,
  findImport,
  type ImportState,
  insertImport,
  lockImportTarget,
  updateImport,
} from '../../store/security/imports.ts'
import { takeNumbers } from '../../store/security/vulnerabilities.ts'
import { announce } from '../../store/sync/live-events.ts'
import { auditImport } from './audit-import.ts'
import { finishImport } from './finish-import.ts'
import { getImport } from './get-import.ts'
import type { ImportDeps } from './import-deps.ts'
import { type PlannedImport, planImport } from './plan-import.ts'
import type { ReadReport } from './read-report.ts'
import { storeReportFile } from './report-file.ts'
import { requireWaiting } from './require-waiting.ts'
import { writeResults } from './write-import.ts'

export type ImportJob = {
  organizationId: string
  importId: string
  actor: Actor
  asset: AssetRow
  branch: string
  commit: string | null
  scope: 'full' | 'partial'
  /** `force`: a person looked at what a guard held back; the import row exists already. */
  wish: 'apply' | 'preview' | 'force'
  read: ReadReport
  file: { path: string; name: string; sha256: string; bytes: number }
  source: 'browser' | 'cli' | 'api'
  ipAddress?: string | undefined
}

/** Plans and writes one import in one transaction, alone on its asset and branch. */
export async function runImport(deps: ImportDeps, job: ImportJob): Promise<void> {
  await deps.db.transaction().execute((tx) => importInTransaction(deps, tx, job))
}

/** What a preview would say. Its transaction is rolled back, so that nothing of it stays, and nobody hears of it. */
export async function tryImport(deps: ImportDeps, job: ImportJob): Promise<ReportImport> {
  const tx = await deps.db.startTransaction().execute()
  try {
    await importInTransaction(deps, tx, { ...job, wish: 'preview' })
    return await getImport({ db: tx }, { organizationId: job.organizationId, id: job.importId })
  } finally {
    await tx.rollback().execute()
  }
}

async function importInTransaction(deps: ImportDeps, tx: Db, job: ImportJob): Promise<void> {
  const { organizationId, importId, branch } = job
  await lockImportTarget(tx, { organizationId, assetId: job.asset.id, branch })
  const target = { ...job, assetId: job.asset.id, fileSha256: job.file.sha256, commitHash: job.commit }
  const waiting =
    job.wish === 'force'
      ? requireWaiting(await findImport(tx, { organizationId, id: importId }, { lock: true }))
      : undefined
  const planned = await planImport(tx, target, job.read)
  const now = deps.clock()
  const state = chooseState(job, planned)
  await writeImportRow(tx, { job, planned, state, now })
  await announce(tx, organizationId, [{ kind: 'import', import_id: importId }])
  if (state === 'unchanged') return
  const context: ImportContext = {
    organizationId,
    assetId: job.asset.id,
    branch,
    importId,
    commitHash: job.commit,
    now,
  }
  if (state === 'applied') {
    await applyPlan(deps, tx, { job, planned, context })
    return auditImport(deps, tx, { ...toEntry(job, planned), done: waiting?.state === 'held' ? 'forced' : 'applied' })
  }
  await writeResults(deps, tx, { context, read: job.read, planned, isPreview: true, firstNumber: 0, toolName: '' })
  const findingIds = planned.plan.closed.map((finding) => finding.id)
  await insertClosedItems(tx, context, { position: planned.counts.results, findingIds })
  await storeReportFile(deps, tx, { organizationId, importId, path: job.file.path })
}

function toEntry(job: ImportJob, { counts }: PlannedImport) {
  const { organizationId, importId, actor, source, ipAddress = null } = job
  const after = {
    asset: job.asset.key,
    branch: job.branch,
    file: job.file.name,
    new: counts.new,
    closed: counts.closed,
  }
  return { organizationId, importId, actor, source, ipAddress, after }
}

function chooseState(job: ImportJob, planned: PlannedImport): ImportState {
  const { verdict } = planned
  if (job.wish === 'force') return 'applied'
  if (verdict.kind === 'unchanged') return 'unchanged'
  if (job.wish === 'preview') return 'previewed'
  return verdict.kind === 'held' ? 'held' : 'applied'
}

type Row = { job: ImportJob; planned: PlannedImport; state: ImportState; now: Date }

async function writeImportRow(tx: Db, { job, planned, state, now }: Row): Promise<void> {
  const { verdict, counts, note } = planned
  const reason =
    state === 'applied' ? note : verdict.kind === 'held' ? verdict.reason : state === 'unchanged' ? sameFile : note
  if (job.wish === 'force') {
    const key = { organizationId: job.organizationId, id: job.importId }
    await updateImport(tx, key, { state, now, reason, counts })
    await deleteFileChunks(tx, { organizationId: job.organizationId, importId: job.importId })
    await deleteImportItems(tx, { organizationId: job.organizationId, importId: job.importId })
    return
  }
  const { actor, read } = job
  const [first] = read.report.tools
  await insertImport(tx, {
    organizationId: job.organizationId,
    id: job.importId,
    assetId: job.asset.id,
    branch: job.branch,
    commitHash: job.commit,
    format: read.scanner.name,
    tool: toolNames(read),
    toolVersion: first?.version ?? null,
    scope: job.scope,
    state,
    reason,
    errorCode: state === 'held' ? 'import_held' : null,
    counts,
    unread: read.report.unread,
    fileName: job.file.name,
    fileSha256: job.file.sha256,
    fileBytes: job.file.bytes,
    source: job.source,
    memberId: actor.kind === 'member' ? actor.memberId : null,
    tokenId: actor.kind === 'member' ? actor.tokenId : null,
    now,
  })
}

const sameFile = 'The same file was imported before; nothing has changed since.'

function toolNames(read: ReadReport): string {
  return firstUnits(read.report.tools.map((tool) => tool.name).join(', '), 300)
}

type Apply = { job: ImportJob; planned: PlannedImport; context: ImportContext }

async function applyPlan(deps: ImportDeps, tx: Db, { job, planned, context }: Apply): Promise<void> {
  const { organizationId, importId } = job
  const toolName = toolNames(job.read)
  const fresh = planned.plan.items.filter((item) => item.findingId === null && item.mergedInto === null).length
  const firstNumber = fresh === 0 ? 0 : await takeNumbers(tx, organizationId, fresh)
  const written = await writeResults(deps, tx, {
    context,
    read: job.read,
    planned,
    isPreview: false,
    firstNumber,
    toolName,
  })
  const findingIds = planned.plan.closed.map((finding) => finding.id)
  await insertClosedItems(tx, context, { position: planned.counts.results, findingIds })
  const closed = await closeFindings(tx, context, findingIds)
  const sent = await finishImport(deps, tx, { context, written, closed, toolName })
  if (sent === 0) return
  const key = { organizationId, id: importId }
  await updateImport(tx, key, { state: 'applied', now: context.now, counts: { ...planned.counts, sent } })
}
