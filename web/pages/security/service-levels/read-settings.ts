import type { SlaSettings } from '../../../../contract/security/service-levels.ts'
import type { BusinessImpact } from '../../../../src/domain/business-impact.ts'
import type { Severity } from '../../../../src/domain/severity.ts'
import type { Weekday } from '../../../../src/domain/sla/working-days.ts'
import { readText } from '../../../ui/form.tsx'

export const weekdays: readonly { readonly day: Weekday; readonly name: string }[] = [
  { day: 1, name: 'Monday' },
  { day: 2, name: 'Tuesday' },
  { day: 3, name: 'Wednesday' },
  { day: 4, name: 'Thursday' },
  { day: 5, name: 'Friday' },
  { day: 6, name: 'Saturday' },
  { day: 7, name: 'Sunday' },
]

/** Name of the field of one level. */
export function levelName(severity: Severity, impact: BusinessImpact): string {
  return `${severity}-${impact}`
}

function readDays(form: FormData, name: string): number | null {
  const text = readText(form, name)
  return text === '' ? null : Number(text)
}

function readRow(form: FormData, severity: Severity) {
  const of = (impact: BusinessImpact) => readDays(form, levelName(severity, impact))
  return { high: of('high'), medium: of('medium'), low: of('low') }
}

/** What the form says; the server judges it. */
export function readSettings(form: FormData): SlaSettings {
  const levels = {
    critical: readRow(form, 'critical'),
    high: readRow(form, 'high'),
    medium: readRow(form, 'medium'),
    low: readRow(form, 'low'),
    notification: readRow(form, 'notification'),
  }
  return { levels, calendar: readCalendar(form), pauses_while_accepted: form.has('pauses_while_accepted') }
}

function readCalendar(form: FormData): SlaSettings['calendar'] {
  if (readText(form, 'calendar') !== 'working_days') return { kind: 'elapsed' }
  const chosen = new Set(form.getAll('working_days').map(String))
  return {
    kind: 'working_days',
    time_zone: readText(form, 'time_zone'),
    working_days: weekdays.map(({ day }) => day).filter((day) => chosen.has(String(day))),
    holidays: [...new Set(readText(form, 'holidays').split(/[\s,;]+/))].filter((text) => text !== ''),
  }
}
