import { type SlaSettings, slaSettings } from '../../../../contract/security/service-levels.ts'
import type { BusinessImpact } from '../../../domain/business-impact.ts'
import type { SlaRules } from '../../../domain/sla/judge-sla.ts'
import { openLocalDays } from '../../../domain/sla/local-days.ts'
import { openSlaClock, type SlaCalendar } from '../../../domain/sla/sla-clock.ts'
import { defaultSlaTable } from '../../../domain/sla/sla-table.ts'
import { findCalendarFault } from '../../../domain/sla/working-days.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { findSla, shareDeadlines } from '../../../store/security/deadlines.ts'

/** What an organization starts with. */
export const defaultSlaSettings: SlaSettings = {
  levels: defaultSlaTable,
  calendar: { kind: 'elapsed' },
  pauses_while_accepted: true,
}

/** The settings as the database keeps them; null where nothing was decided. */
export function parseSla(stored: unknown): SlaSettings | null {
  return stored === null || stored === undefined ? null : slaSettings.parse(stored)
}

/** The rules of settings, opened once for many vulnerabilities. */
export function toSlaRules(settings: SlaSettings | null): SlaRules {
  if (settings === null) return { table: null, clock: openSlaClock({ kind: 'elapsed' }), pausesWhileAccepted: false }
  return {
    table: settings.levels,
    clock: openSlaClock(toCalendar(settings.calendar)),
    pausesWhileAccepted: settings.pauses_while_accepted,
  }
}

/** Refuses a calendar without a working day, or in a zone that is none. Throws `validation_failed`. */
export function requireSoundCalendar({ calendar }: SlaSettings): void {
  const known = toCalendar(calendar)
  const fault = known.kind === 'elapsed' ? undefined : findCalendarFault(known)
  if (fault !== undefined) throw new AppError('validation_failed', `calendar: ${fault}`)
}

function toCalendar(calendar: SlaSettings['calendar']): SlaCalendar {
  if (calendar.kind === 'elapsed') return calendar
  const { kind, time_zone: timeZone, working_days: workingDays, holidays } = calendar
  return { kind, timeZone, workingDays, holidays }
}

/** The days of an organization, for dates without a time: of its calendar's zone, else of UTC. */
export function openOrganizationDays(settings: SlaSettings | null): (at: Date) => string {
  const calendar = settings?.calendar
  const days = openLocalDays(calendar?.kind === 'working_days' ? calendar.time_zone : 'UTC')
  return (at) => new Date(days.dayOf(at) * 86_400_000).toISOString().slice(0, 10)
}

/**
 * The rules to write deadlines by, until the transaction ends: a walk over all deadlines waits for it. With the business
 * impact of an asset, where one is named.
 */
export async function shareSlaRules(
  tx: Db,
  key: { organizationId: string; assetId?: string },
): Promise<{ rules: SlaRules; businessImpact: BusinessImpact | null }> {
  await shareDeadlines(tx, key.organizationId)
  const { settings, businessImpact } = await findSla(tx, key)
  return { rules: toSlaRules(parseSla(settings)), businessImpact }
}
