import type { ServiceLevelsTrial, SlaSettings } from '../../../../contract/security/service-levels.ts'
import type { SlaRules } from '../../../domain/sla/judge-sla.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { toLevels } from '../../../store/security/deadline-runs.ts'
import {
  countTrial,
  listAcceptedOnce,
  listCreationDays,
  type TrialCalendar,
  type TrialCounts,
} from '../../../store/security/deadline-trial.ts'
import { type DeadlineRow, listAcceptanceSteps } from '../../../store/security/deadlines.ts'
import { toNextDeadline } from './set-deadlines.ts'
import { requireSoundCalendar, toSlaRules } from './sla-rules.ts'

/** Looked at together, of those whose deadline a pause may have moved. */
const pageRows = 1000

/** What levels would do to everything that is not fixed, without setting them. Throws `validation_failed` for a calendar with a fault. */
export async function tryServiceLevels(
  deps: { db: Db; clock: Clock },
  { organizationId, settings }: { organizationId: string; settings: SlaSettings | null },
): Promise<ServiceLevelsTrial> {
  if (settings !== null) requireSoundCalendar(settings)
  const rules = toSlaRules(settings)
  const now = deps.clock()
  const calendar = await openTrialCalendar(deps.db, { organizationId, settings, rules })
  const plain = await countTrial(deps.db, { organizationId, table: rules.table, calendar, now })
  const paused = await countOneByOne(deps.db, { organizationId, rules, now })
  return {
    open: plain.open + paused.open,
    with_deadline: plain.withDeadline + paused.withDeadline,
    moved: plain.moved + paused.moved,
    breached: plain.breached + paused.breached,
    breached_at_once: plain.breachedAtOnce + paused.breachedAtOnce,
  }
}

type Opened = { organizationId: string; settings: SlaSettings | null; rules: SlaRules }

/** By working days all of one day have the same deadline: as many are worked out as there are days and levels. */
async function openTrialCalendar(db: Db, { organizationId, settings, rules }: Opened): Promise<TrialCalendar> {
  if (settings === null || settings.calendar.kind === 'elapsed') return { kind: 'elapsed' }
  const timeZone = settings.calendar.time_zone
  const lengths = [...new Set(toLevels(rules.table).map(({ days }) => days))]
  const created = await listCreationDays(db, { organizationId, timeZone })
  const dues = created.flatMap(({ day, at }) =>
    lengths.map((days) => {
      const { dueAt } = rules.clock({ createdAt: at, days, pauses: [] })
      return { day, days, due: dueAt.toISOString() }
    }),
  )
  return { kind: 'by_day', timeZone, dues }
}

async function countOneByOne(
  db: Db,
  { organizationId, rules, now }: { organizationId: string; rules: SlaRules; now: Date },
): Promise<TrialCounts> {
  const counts = { open: 0, withDeadline: 0, moved: 0, breached: 0, breachedAtOnce: 0 }
  let after: string | null = null
  for (;;) {
    const rows: DeadlineRow[] = await listAcceptedOnce(db, { organizationId, after, limit: pageRows })
    const ids = rows.map((row) => row.id)
    const steps = await listAcceptanceSteps(db, organizationId, ids)
    for (const row of rows) count(counts, { row, due: toNextDeadline(row, steps.get(row.id), rules), now })
    after = ids.at(-1) ?? null
    if (rows.length < pageRows) return counts
  }
}

type Judged = { row: DeadlineRow; due: ReturnType<typeof toNextDeadline>; now: Date }

function count(counts: TrialCounts, { row, due, now }: Judged): void {
  const isLate = due !== null && due.dueAt <= (due.pausedAt ?? now)
  const wasLate = row.dueAt !== null && row.dueAt <= (row.pausedAt ?? now)
  counts.open += 1
  if (due !== null) counts.withDeadline += 1
  if (due?.dueAt.getTime() !== row.dueAt?.getTime()) counts.moved += 1
  if (isLate) counts.breached += 1
  if (isLate && !wasLate) counts.breachedAtOnce += 1
}
