import type { PlanItem } from '../../../domain/matching/match-findings.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  type ImportContext,
  insertFindings,
  type NewFinding,
  refreshFindings,
  touchFindings,
} from '../../../store/security/findings.ts'
import { insertImportItems, type NewImportItem } from '../../../store/security/import-items.ts'
import { forgetPlans } from '../../../store/security/imports.ts'
import {
  insertVulnerabilities,
  refreshVulnerabilities,
  touchVulnerabilities,
} from '../../../store/security/vulnerabilities.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'
import {
  refreshIntelligence,
  refreshIntelligenceOfFindings,
} from '../../../store/security/vulnerability-intelligence.ts'
import {
  describeDecision,
  describeMove,
  describePlace,
  type PreparedFinding,
  prepareFinding,
  toFindingBody,
  toVulnerabilityBody,
} from './finding-body.ts'
import { type ImportDeadlines, moveDeadlinesOfFindings } from './import-deadlines.ts'
import type { PlannedImport } from './plan-import.ts'
import type { ReadReport } from './read-report.ts'

/** Results written together: large enough that statements do not count, small enough that memory stays flat. */
const batchSize = 1000

/** Results after which the size of the tables tells PostgreSQL to use the right index. */
const plannedAfter = 1000

type Row = { item: PlanItem; prepared: PreparedFinding }
type Batch = { rows: Row[]; items: NewImportItem[] }

export type WriteInput = {
  context: ImportContext
  read: ReadReport
  planned: PlannedImport
  /** Only what would be done is written down, nothing is done. */
  isPreview: boolean
  firstNumber: number
  toolName: string
  /** Null for a preview. */
  deadlines: ImportDeadlines | null
}

/** Vulnerabilities whose status may follow from what was written. */
export type Written = {
  newIds: string[]
  reopenedFindings: string[]
  suppressedFindings: { id: string; reason: string }[]
}

/**
 * Walks the report a second time and writes its results batch by batch, each with the item that tells about it. While the
 * database writes one batch, the next one is read.
 */
export async function writeResults(deps: { newId: NewId }, tx: Db, input: WriteInput): Promise<Written> {
  const written: Written = { newIds: [], reopenedFindings: [], suppressedFindings: [] }
  let number = input.firstNumber
  let isPlanned = false
  let writing = Promise.resolve()
  const write = async ({ batch, position }: ReadBatch): Promise<void> => {
    number = await writeBatch(deps, tx, { input, batch, number, written })
    // Once, when the tables hold enough for a plan that also serves the rest.
    if (position >= plannedAfter && !isPlanned) await forgetPlans(tx)
    isPlanned = position >= plannedAfter
  }
  try {
    for await (const read of readBatches(input)) {
      await writing
      writing = write(read)
      // It is waited for before the next one; until then a failure must not count as one nobody looks at.
      writing.catch(() => undefined)
    }
    await writing
    return written
  } finally {
    // Whatever went wrong: nothing may be written any more once the transaction is given up.
    await Promise.allSettled([writing])
  }
}

/** `position`: of the first result behind it. */
type ReadBatch = { batch: Batch; position: number }

async function* readBatches({ read, planned, context }: WriteInput): AsyncGenerator<ReadBatch> {
  const next = planned.plan.items.values()
  let position = 0
  let batch: Batch = { rows: [], items: [] }
  for await (const result of read.report.results()) {
    if (result.kind === 'skipped') {
      const { step, label, detail } = result
      const nothing = { finding_id: null, severity: null, remembers: 'nothing' as const }
      batch.items.push({ ...nothing, position, outcome: 'skipped', step, label, detail })
    } else {
      const item = next.next().value
      // The file is ours and read twice; if the passes differed, rows would be mixed up.
      if (item?.position !== position) throw new Error('The second reading of the report differs from the first.')
      batch.rows.push({ item, prepared: prepareFinding(result.finding, context.organizationId) })
    }
    position += 1
    if (batch.rows.length + batch.items.length < batchSize) continue
    yield { batch, position }
    batch = { rows: [], items: [] }
  }
  if (batch.rows.length + batch.items.length > 0) yield { batch, position }
}

type BatchInput = { input: WriteInput; batch: Batch; number: number; written: Written }

async function writeBatch(
  deps: { newId: NewId },
  tx: Db,
  { input, batch, number, written }: BatchInput,
): Promise<number> {
  const { context, isPreview } = input
  // What the target of a pull request has is told of, and not touched.
  const known = batch.rows.filter(({ item }) => item.findingId !== null && item.outcome !== 'known')
  const fresh = batch.rows
    .filter(({ item }) => item.findingId === null && item.mergedInto === null)
    .map((row, index) => ({ ...row, id: deps.newId(), vulnerabilityId: deps.newId(), number: number + index }))
  const merged = batch.rows.flatMap((row) =>
    row.item.mergedInto === null ? [] : [{ ...row, id: deps.newId(), vulnerabilityId: row.item.mergedInto }],
  )
  const freshIds = new Map([...fresh, ...merged].map((row) => [row.item.position, row.id]))
  if (!isPreview) {
    await insertFresh(deps, tx, { input, fresh })
    await insertMerged(deps, tx, { input, merged })
    for (const row of fresh) if (row.item.outcome === 'new') written.newIds.push(row.vulnerabilityId)
  }
  const items = batch.rows.map((row) => toItem(row, isPreview ? null : (freshIds.get(row.item.position) ?? null)))
  await insertImportItems(tx, context, [...batch.items, ...items])
  if (isPreview) return number
  await writeKnown(tx, input, known)
  for (const { item, id } of merged) if (item.outcome === 'reopened') written.reopenedFindings.push(id)
  for (const { item, prepared } of known) {
    if (item.findingId === null) continue
    if (item.outcome === 'reopened') written.reopenedFindings.push(item.findingId)
    if (item.outcome === 'suppressed')
      written.suppressedFindings.push({ id: item.findingId, reason: prepared.finding.suppressed ?? 'suppressed' })
  }
  return number + fresh.length
}

type Merged = Row & { id: string; vulnerabilityId: string }
type Fresh = Merged & { number: number }

async function insertFresh(
  deps: { newId: NewId },
  tx: Db,
  { input, fresh }: { input: WriteInput; fresh: readonly Fresh[] },
): Promise<void> {
  const { context, read, toolName } = input
  const vulnerabilities = fresh.map((row) => ({
    ...toVulnerabilityBody(row.prepared),
    id: row.vulnerabilityId,
    number: row.number,
    status: row.item.isSuppressed ? ('suppressed' as const) : ('identified' as const),
    status_reason: row.prepared.finding.suppressed,
  }))
  await insertVulnerabilities(tx, { ...context, deadlines: input.deadlines?.ofNew ?? [] }, vulnerabilities)
  await insertFindings(
    tx,
    context,
    fresh.map((row) => toNewFinding(row, read)),
  )
  const events = vulnerabilities.map(({ id, status, severity }) => ({
    id: deps.newId(),
    vulnerability_id: id,
    kind: 'found' as const,
    reason: null,
    before: null,
    after: { status, severity },
  }))
  await insertVulnerabilityEvents(tx, toEventContext(context, toolName), events)
}

/** More evidence of vulnerabilities that another scanner told of. */
async function insertMerged(
  deps: { newId: NewId },
  tx: Db,
  { input, merged }: { input: WriteInput; merged: readonly Merged[] },
): Promise<void> {
  const { context, read, toolName } = input
  await insertFindings(
    tx,
    context,
    merged.map((row) => toNewFinding(row, read)),
  )
  const events = merged.map(({ vulnerabilityId, prepared: { finding } }) => ({
    id: deps.newId(),
    vulnerability_id: vulnerabilityId,
    kind: 'merged' as const,
    reason: `Also found by ${finding.scanner}, as ${finding.ruleId}`,
    before: null,
    after: null,
  }))
  await insertVulnerabilityEvents(tx, toEventContext(context, toolName), events)
  const ids = merged.map(({ vulnerabilityId }) => vulnerabilityId)
  await refreshIntelligence(tx, context.organizationId, [...new Set(ids)])
}

function toNewFinding(row: Merged, read: ReadReport): NewFinding {
  return {
    ...toFindingBody(row.prepared, read.scanner.name, row.item.contentIndex),
    id: row.id,
    vulnerability_id: row.vulnerabilityId,
    last_step: row.item.step,
  }
}

function toEventContext({ organizationId, importId, now }: ImportContext, name: string) {
  return { organizationId, actor: { kind: 'scan' as const, importId, name }, importId, now }
}

async function writeKnown(tx: Db, { context, read, deadlines }: WriteInput, known: readonly Row[]): Promise<void> {
  const seen = known.flatMap(({ item, prepared }) =>
    item.findingId === null
      ? []
      : [
          {
            prepared,
            item,
            row: { id: item.findingId, last_step: item.step, content_index: item.contentIndex, active: item.isActive },
          },
        ],
  )
  const changed = seen.filter(({ item }) => item.isChanged)
  const same = seen.filter(({ item }) => !item.isChanged)
  await touchFindings(
    tx,
    context,
    same.map(({ row }) => row),
  )
  await touchVulnerabilities(
    tx,
    context,
    seen.map(({ row }) => row.id),
  )
  const bodies = changed.map(({ row, prepared, item }) => ({
    ...toFindingBody(prepared, read.scanner.name, item.contentIndex),
    ...row,
  }))
  await refreshFindings(tx, context, bodies)
  await refreshVulnerabilities(
    tx,
    context,
    changed.map(({ row, prepared }) => ({ ...toVulnerabilityBody(prepared), finding_id: row.id })),
  )
  const findingIds = changed.map(({ row }) => row.id)
  await refreshIntelligenceOfFindings(tx, context.organizationId, findingIds)
  await moveDeadlinesOfFindings(tx, context, { findingIds, deadlines })
}

function toItem({ item, prepared }: Row, freshId: string | null): NewImportItem {
  const { finding } = prepared
  const isQuiet = item.outcome === 'kept' && !item.isChanged
  const findingId = item.findingId ?? freshId
  const isUntouched =
    findingId === null || item.outcome === 'known' || (item.findingId === null && item.mergedInto === null)
  return {
    position: item.position,
    finding_id: findingId,
    outcome: item.outcome,
    step: item.step,
    label: finding.title,
    detail:
      [describePlace(finding), describeMove(item.from, finding), describeDecision(item), finding.suppressed]
        .filter((text) => text !== null)
        .join(' · ') || null,
    severity: finding.severity,
    remembers: isUntouched ? 'nothing' : isQuiet ? 'seen' : 'all',
  }
}
