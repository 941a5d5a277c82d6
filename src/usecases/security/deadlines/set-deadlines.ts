import type { BusinessImpact } from '../../../domain/business-impact.ts'
import { severities } from '../../../domain/severity.ts'
import type { SlaRules } from '../../../domain/sla/judge-sla.ts'
import { listAcceptedSpans, type StatusStep } from '../../../domain/sla/list-accepted-spans.ts'
import { type StoredDeadline, toStoredDeadline } from '../../../domain/sla/stored-deadline.ts'
import type { Db } from '../../../store/db.ts'
import {
  type DeadlineColumns,
  type DeadlineRow,
  listAcceptanceSteps,
  lockDeadlines,
  type NewDeadline,
  writeDeadlines,
} from '../../../store/security/deadlines.ts'
import { shareSlaRules } from './sla-rules.ts'

/** Rows written together: statements do not count, memory stays flat. */
const batchSize = 1000

export type SetDeadlines = { organizationId: string; vulnerabilityIds: readonly string[]; now: Date }

/**
 * Sets the deadlines of some vulnerabilities by the levels and the facts of now: after a severity, a status or the history
 * of one changed, however that came. Where no levels are set there is nothing to do. Answers how many deadlines moved.
 */
export async function setDeadlines(tx: Db, input: SetDeadlines): Promise<number> {
  if (input.vulnerabilityIds.length === 0) return 0
  const { rules } = await shareSlaRules(tx, input)
  return rules.table === null ? 0 : setDeadlinesBy(tx, input, rules)
}

/** The same by rules at hand: a walk has opened them once, and clears deadlines where there is no table. */
export async function setDeadlinesBy(tx: Db, input: SetDeadlines, rules: SlaRules): Promise<number> {
  const { organizationId, now } = input
  let moved = 0
  for (let at = 0; at < input.vulnerabilityIds.length; at += batchSize) {
    const ids = input.vulnerabilityIds.slice(at, at + batchSize)
    const rows = await lockDeadlines(tx, organizationId, ids)
    const steps = rules.pausesWhileAccepted ? await listAcceptanceSteps(tx, organizationId, ids) : new Map()
    const changed = listMovedDeadlines(rows, steps, rules)
    await writeDeadlines(tx, { organizationId, now }, changed)
    moved += changed.length
  }
  return moved
}

/** The deadlines that are not as the rules say. */
export function listMovedDeadlines(
  rows: readonly DeadlineRow[],
  steps: ReadonlyMap<string, readonly StatusStep[]>,
  rules: SlaRules,
): DeadlineColumns[] {
  return rows.flatMap((row) => {
    const next = toNextDeadline(row, steps.get(row.id), rules)
    return isSame(row, next) ? [] : [toColumns(row.id, next)]
  })
}

/** The deadline a row should have by its history. */
export function toNextDeadline(
  row: DeadlineRow,
  steps: readonly StatusStep[] | undefined,
  rules: SlaRules,
): StoredDeadline | null {
  return toStoredDeadline({ ...row, accepted: listAcceptedSpans(steps ?? []) }, rules)
}

function isSame(row: DeadlineRow, next: StoredDeadline | null): boolean {
  return (
    row.days === (next?.days ?? null) &&
    row.dueAt?.getTime() === next?.dueAt.getTime() &&
    row.approachesAt?.getTime() === next?.approachesAt.getTime() &&
    row.pausedAt?.getTime() === next?.pausedAt?.getTime()
  )
}

function toColumns(id: string, deadline: StoredDeadline | null): DeadlineColumns {
  return {
    id,
    due_at: deadline?.dueAt.toISOString() ?? null,
    approaches_at: deadline?.approachesAt.toISOString() ?? null,
    sla_days: deadline?.days ?? null,
    sla_paused_at: deadline?.pausedAt?.toISOString() ?? null,
  }
}

/**
 * What new vulnerabilities of an asset get, created at `now`: one deadline a severity, since all of it is of one asset and
 * one moment. Empty where no levels are set.
 */
export function listNewDeadlines(
  rules: SlaRules,
  { businessImpact, now }: { businessImpact: BusinessImpact; now: Date },
): NewDeadline[] {
  return severities.flatMap((severity) => {
    const subject = {
      severity,
      businessImpact,
      status: 'identified' as const,
      createdAt: now,
      fixedAt: null,
      accepted: [],
    }
    const deadline = toStoredDeadline(subject, rules)
    if (deadline === null) return []
    const { due_at, approaches_at, sla_days } = toColumns('', deadline)
    return due_at === null || approaches_at === null || sla_days === null
      ? []
      : [{ severity, due_at, approaches_at, sla_days }]
  })
}
