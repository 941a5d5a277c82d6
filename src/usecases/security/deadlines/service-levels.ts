import type { ServiceLevels, SlaSettings } from '../../../../contract/security/service-levels.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { findDeadlineRun } from '../../../store/security/deadline-runs.ts'
import { findSla, writeSla } from '../../../store/security/deadlines.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { defaultSlaSettings, parseSla, requireSoundCalendar } from './sla-rules.ts'
import { requestDeadlines } from './walk-deadlines.ts'

/** The service levels of an organization, and how far deadlines are being set anew by them. */
export async function getServiceLevels(
  deps: { db: Db },
  { organizationId }: { organizationId: string },
): Promise<ServiceLevels> {
  const { settings } = await findSla(deps.db, { organizationId })
  const run = await findDeadlineRun(deps.db, organizationId)
  return {
    settings: parseSla(settings),
    defaults: defaultSlaSettings,
    run:
      run === undefined
        ? null
        : { total: run.total, done: Math.min(run.done, run.total), started_at: run.createdAt.toISOString() },
  }
}

export type UpdateServiceLevels = { organizationId: string; actor: AuditActor; settings: SlaSettings | null }
type Deps = { db: Db; clock: Clock; newId: NewId; enqueue: Enqueue }

/** Sets the levels; a job sets all deadlines anew. The same again changes nothing. Throws `validation_failed` for a calendar with a fault. */
export async function updateServiceLevels(deps: Deps, input: UpdateServiceLevels): Promise<ServiceLevels> {
  if (input.settings !== null) requireSoundCalendar(input.settings)
  await deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, input))
  return getServiceLevels(deps, input)
}

async function updateInTransaction(deps: Deps, tx: Db, input: UpdateServiceLevels): Promise<void> {
  const { organizationId, actor } = input
  const settings = input.settings === null ? null : inOrder(input.settings)
  const before = parseSla((await findSla(tx, { organizationId })).settings)
  if (JSON.stringify(before) === JSON.stringify(settings)) return
  const now = deps.clock()
  await writeSla(tx, { organizationId, settings, now })
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'service_levels.changed',
    target: { kind: 'organization', id: organizationId },
    before: { settings: before },
    after: { settings },
  })
  await requestDeadlines(deps, tx, { organizationId, assetId: null, now })
}

/** Days in order and named once, so that the same calendar looks the same. */
function inOrder(settings: SlaSettings): SlaSettings {
  const { calendar } = settings
  if (calendar.kind === 'elapsed') return settings
  const working_days = [...new Set(calendar.working_days)].toSorted((a, b) => a - b)
  const holidays = [...new Set(calendar.holidays)].toSorted()
  return { ...settings, calendar: { ...calendar, working_days, holidays } }
}
