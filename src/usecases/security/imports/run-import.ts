import type { ReportImport } from '../../../../contract/security/imports.ts'
import type { Actor } from '../../../domain/actor.ts'
import { lookFirst } from '../../../domain/matching/judge-import.ts'
import { firstUnits } from '../../../lib/cut-text.ts'
import type { Db } from '../../../store/db.ts'
import type { AssetRow } from '../../../store/security/assets.ts'
import { closeFindings, type ImportContext } from '../../../store/security/findings.ts'
import { deleteImportItems, insertClosedItems } from '../../../store/security/import-items.ts'
import { insertImportLog } from '../../../store/security/import-log.ts'
import { deleteImportProgress } from '../../../store/security/import-progress.ts'
import {
  findImport,
  type ImportRow,
  type ImportState,
  insertImport,
  lockImportTarget,
  noCounts,
  updateImport,
} from '../../../store/security/imports.ts'
import { holdVulnerabilities, takeNumbers } from '../../../store/security/vulnerabilities.ts'
import { joinIntelligence } from '../../../store/security/vulnerability-intelligence.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { recordOutgoingImport, recordOutgoingOfImport } from '../../../store/sync/record-outgoing.ts'
import { auditImport } from './audit-import.ts'
import { doubtOf } from './doubt-of.ts'
import { finishImport } from './finish-import.ts'
import { getImport } from './get-import.ts'
import { openImportDeadlines } from './import-deadlines.ts'
import type { ImportDeps } from './import-deps.ts'
import { toImportLog } from './import-log.ts'
import type { Progress } from './import-progress.ts'
import { type PlannedImport, planImport } from './plan-import.ts'
import type { ReadReport } from './read-report.ts'
import { keepReportFile, storeReportFile } from './report-file.ts'
import { requireWaiting } from './require-waiting.ts'
import { tellReached } from './tell-reached.ts'
import { writeResults } from './write-import.ts'

export type ImportJob = {
  organizationId: string
  importId: string
  actor: Actor
  asset: AssetRow
  branch: string
  /** Of a pull request's scan. */
  targetBranch?: string | null
  pullRequestId?: string | null
  commit: string | null
  scope: 'full' | 'partial'
  /** `force`: a person looked at what a guard held back; the import row exists already. */
  wish: 'apply' | 'preview' | 'force'
  read: ReadReport
  file: { path: string; name: string; sha256: string; bytes: number }
  source: 'browser' | 'cli' | 'api'
  ipAddress?: string | undefined
  progress: Progress
}

/** Plans and writes one import, whose row is there, in one transaction, alone on its asset and branch. */
export async function runImport(deps: ImportDeps, job: ImportJob): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const done = await importInTransaction(deps, tx, job)
    await job.progress.end()
    await insertImportLog(tx, job, tellImport(deps, { job, ...done }))
    await deleteImportProgress(tx, job)
  })
}

/** What a preview would say. Its transaction is rolled back, so that nothing of it stays, and nobody hears of it. */
export async function tryImport(deps: ImportDeps, job: ImportJob): Promise<ReportImport> {
  const tx = await deps.db.startTransaction().execute()
  try {
    await insertTrialRow(deps, tx, job)
    await importInTransaction(deps, tx, { ...job, wish: 'preview' })
    return await getImport({ db: tx }, { organizationId: job.organizationId, id: job.importId })
  } finally {
    await tx.rollback().execute()
  }
}

/** What a guard says of it, what it came to, and the row that waited for it. */
type Done = Pick<Row, 'planned' | 'state' | 'waiting'>

async function importInTransaction(deps: ImportDeps, tx: Db, job: ImportJob): Promise<Done> {
  const { organizationId, importId, branch } = job
  job.progress.tell({ stage: 'comparing', bytesRead: 0 })
  await lockImportTarget(tx, { organizationId, assetId: job.asset.id, branch, targetBranch: job.targetBranch ?? null })
  const target = {
    ...job,
    assetId: job.asset.id,
    targetBranch: job.targetBranch ?? null,
    scope: scopeOf(job),
    fileSha256: job.file.sha256,
    commitHash: job.commit,
  }
  const waiting =
    job.wish === 'force'
      ? requireWaiting(await findImport(tx, { organizationId, id: importId }, { lock: true }))
      : undefined
  const planned = await planImport(tx, target, job.read)
  const now = deps.clock()
  const state = chooseState(job, planned)
  await writeImportRow(tx, { job, planned, state, waiting, now })
  await announce(tx, organizationId, [{ kind: 'import', import_id: importId }])
  const done = { planned, state, waiting }
  if (state === 'unchanged') return done
  job.progress.tell({ stage: 'writing', bytesRead: 0, findingsRead: 0 })
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
    await keepReportFile(deps, tx, { job, isStored: waiting !== undefined, now })
    const isForced = waiting !== undefined && doubtOf(waiting) !== null
    await auditImport(deps, tx, { ...toEntry(job, planned), done: isForced ? 'forced' : 'applied' })
    return done
  }
  const preview = { isPreview: true, firstNumber: 0, toolName: '', deadlines: null }
  await writeResults(deps, tx, { context, read: job.read, planned, ...preview })
  await writeClosed(tx, { planned, context })
  await storeReportFile(deps, tx, { organizationId, importId, path: job.file.path })
  return done
}

function tellImport(deps: ImportDeps, { job, planned, state, waiting }: Done & { job: ImportJob }) {
  const actor = job.actor.name
  return toImportLog(deps, {
    stages: job.progress.stages(),
    read: job.read,
    verdict: planned.verdict,
    state,
    decision: waiting && { actor, doubt: doubtOf(waiting) },
    actor,
    isFileKept: deps.keepFileDays > 0,
  })
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

type Row = { job: ImportJob; planned: PlannedImport; state: ImportState; waiting: ImportRow | undefined; now: Date }

/** What the import has come to, in the row that has been in the list since it began. */
async function writeImportRow(tx: Db, { job, planned, state, waiting, now }: Row): Promise<void> {
  const { organizationId, importId, read } = job
  const key = { organizationId, id: importId }
  const { counts } = planned
  const reason = toReason({ planned, state, waiting })
  if (waiting !== undefined) {
    await updateImport(tx, key, { state, now, reason, errorCode: null, counts })
    await deleteImportItems(tx, { organizationId, importId })
    return
  }
  const [first] = read.report.tools
  await updateImport(tx, key, {
    state,
    now,
    reason,
    errorCode: state !== 'unchanged' && state !== 'applied' && planned.verdict.kind === 'held' ? 'import_held' : null,
    counts,
    commitHash: job.commit,
    format: read.scanner.name,
    tool: toolNames(read),
    toolVersion: first?.version ?? null,
    scope: scopeOf(job),
    unread: read.report.unread,
    fileSha256: job.file.sha256,
    fileBytes: job.file.bytes,
  })
}

function toReason({ planned: { verdict, note }, state, waiting }: Pick<Row, 'planned' | 'state' | 'waiting'>) {
  if (state === 'unchanged') return sameFile
  if (state !== 'applied') return verdict.kind === 'held' ? verdict.reason : note
  const doubt = waiting === undefined ? null : doubtOf(waiting)
  const was = waiting?.state === 'held' ? 'It was held back' : 'Its preview was in doubt'
  const forced = doubt === null ? '' : `${was}, and applied all the same. ${doubt.replace(lookFirst, '')}`
  return [forced.trim(), note ?? ''].filter((text) => text !== '').join(' ') || null
}

/** The row of an import that is only tried, so that what it writes has one to belong to. */
async function insertTrialRow(deps: ImportDeps, tx: Db, job: ImportJob): Promise<void> {
  await insertImport(tx, {
    organizationId: job.organizationId,
    id: job.importId,
    assetId: job.asset.id,
    branch: job.branch,
    targetBranch: job.targetBranch ?? null,
    pullRequestId: job.pullRequestId ?? null,
    commitHash: job.commit,
    format: null,
    tool: null,
    toolVersion: null,
    scope: job.scope,
    state: 'running',
    reason: null,
    errorCode: null,
    counts: noCounts,
    unread: [],
    fileName: job.file.name,
    fileSha256: '',
    fileBytes: 0,
    source: job.source,
    memberId: null,
    tokenId: null,
    now: deps.clock(),
  })
}

const sameFile = 'The same file was imported before; nothing has changed since.'

/** A report that tells of a part only, by its own words, proves nothing gone, whatever was said of it. */
function scopeOf({ scope, read }: ImportJob): 'full' | 'partial' {
  return read.report.partial === undefined ? scope : 'partial'
}

function toolNames(read: ReadReport): string {
  return firstUnits(read.report.tools.map((tool) => tool.name).join(', '), 300)
}

type Apply = { job: ImportJob; planned: PlannedImport; context: ImportContext }

async function applyPlan(deps: ImportDeps, tx: Db, { job, planned, context }: Apply): Promise<void> {
  const { organizationId, importId } = job
  const toolName = toolNames(job.read)
  await joinIntelligence(tx)
  await holdTouched(tx, { organizationId, planned })
  const deadlines = await openImportDeadlines(tx, context)
  const fresh = planned.plan.items.filter((item) => item.findingId === null && item.mergedInto === null).length
  const firstNumber = fresh === 0 ? 0 : await takeNumbers(tx, organizationId, fresh)
  const written = await writeResults(deps, tx, {
    context,
    read: job.read,
    planned,
    isPreview: false,
    firstNumber,
    toolName,
    deadlines,
  })
  const findingIds = await writeClosed(tx, { planned, context })
  const closed = await closeFindings(tx, context, findingIds)
  const reached = tellReached(job, planned)
  const pullRequestId = job.pullRequestId ?? null
  const watcherId = job.source === 'browser' && job.actor.kind === 'member' ? job.actor.memberId : null
  const finish = { context, written, closed, reached, toolName, watcherId, pullRequestId }
  const sent = await finishImport(deps, tx, finish)
  const key = { organizationId, id: importId }
  if (sent > 0) await updateImport(tx, key, { state: 'applied', now: context.now, counts: { ...planned.counts, sent } })
  const told = { organizationId, importId, now: context.now }
  await recordOutgoingOfImport(tx, { ...told, since: context.now })
  await recordOutgoingImport(tx, told)
}

async function writeClosed(tx: Db, { planned, context }: Omit<Apply, 'job'>): Promise<string[]> {
  const { closed, inTarget } = planned.plan
  const findingIds = closed.map(({ id }) => id)
  await insertClosedItems(tx, context, { position: planned.counts.results, findingIds, inTarget: [...inTarget] })
  return findingIds
}

/** They are written in the order of the report, and closed at the end. */
async function holdTouched(
  tx: Db,
  { organizationId, planned: { plan } }: { organizationId: string; planned: PlannedImport },
): Promise<void> {
  const seen = plan.items.flatMap(({ findingId, outcome }) =>
    findingId === null || outcome === 'known' ? [] : [findingId],
  )
  const merged = new Set(plan.items.flatMap(({ mergedInto }) => mergedInto ?? []))
  const findingIds = [...seen, ...plan.closed.map(({ id }) => id)]
  await holdVulnerabilities(tx, organizationId, { ids: [...merged], findingIds })
}
