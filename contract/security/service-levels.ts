import * as z from 'zod'
import { slaStates } from '../../src/domain/sla/judge-sla.ts'
import { calendarDate, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/**
 * Where a vulnerability stands against its deadline. `due_at` is null where there is none, and while its clock stands still, which moves
 * it along; `is_late`: fixed too late, or not yet and the deadline has passed.
 */
export const slaStanding = z.object({
  state: z.enum(slaStates),
  due_at: timestamp.nullable(),
  days: z.number().int().nullable(),
  is_paused: z.boolean(),
  is_late: z.boolean(),
})
export type SlaStanding = z.infer<typeof slaStanding>

const days = z.number().int().min(1).max(3650).nullable()
const row = z.strictObject({ high: days, medium: days, low: days })

/** Days to mend something, by severity and business impact of its asset; null where there is no level. */
export const slaTable = z.strictObject({ critical: row, high: row, medium: row, low: row, notification: row })

/** ISO 8601: Monday is 1, Sunday 7. */
const weekday = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
])

export const slaCalendar = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('elapsed') }),
  z.strictObject({
    kind: z.literal('working_days'),
    time_zone: z.string().trim().min(1).max(100),
    working_days: z.array(weekday).max(7),
    holidays: z.array(calendarDate).max(1000),
  }),
])

export const slaSettings = z.strictObject({
  levels: slaTable,
  calendar: slaCalendar,
  pauses_while_accepted: z.boolean(),
})
export type SlaSettings = z.infer<typeof slaSettings>

/** `run`: deadlines that are being set anew, after a change of the levels. */
export const serviceLevels = z.object({
  settings: slaSettings.nullable(),
  defaults: slaSettings,
  run: z.object({ total: z.number().int(), done: z.number().int(), started_at: timestamp }).nullable(),
})
export type ServiceLevels = z.infer<typeof serviceLevels>

export const getServiceLevels = defineRoute({
  id: 'getServiceLevels',
  method: 'GET',
  path: '/api/v1/settings/sla',
  summary: 'Service levels of the organization, and those to start from',
  tag: 'Settings',
  access: 'read',
  status: 200,
  response: serviceLevels,
})

const change = z.strictObject({ settings: slaSettings.nullable() })

export const updateServiceLevels = defineRoute({
  id: 'updateServiceLevels',
  method: 'PUT',
  path: '/api/v1/settings/sla',
  summary: 'Set the service levels; all deadlines are set anew by them',
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  body: change,
  response: serviceLevels,
})

/** What a change would do to what is not fixed. `breached_at_once`: late by the new levels and not by those of now. */
export const serviceLevelsTrial = z.object({
  open: z.number().int(),
  with_deadline: z.number().int(),
  moved: z.number().int(),
  breached: z.number().int(),
  breached_at_once: z.number().int(),
})
export type ServiceLevelsTrial = z.infer<typeof serviceLevelsTrial>

export const tryServiceLevels = defineRoute({
  id: 'tryServiceLevels',
  method: 'POST',
  path: '/api/v1/settings/sla/try',
  summary: 'What other service levels would do, without setting them',
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  body: change,
  response: serviceLevelsTrial,
})
