import type { SlaSettings } from '../../../../contract/security/service-levels.ts'
import { isTimeZone } from '../../../domain/sla/local-days.ts'

/** Before most people's work begins. */
export const defaultDigestHour = 8

/** The zone of a member: their own, else that of the organization's calendar, else UTC. One that this machine does not know counts for none. */
export function chooseZone(own: string | null, settings: SlaSettings | null): string {
  const calendar = settings?.calendar
  const shared = calendar?.kind === 'working_days' ? calendar.time_zone : null
  return [own, shared].find((zone) => zone !== null && isTimeZone(zone)) ?? 'UTC'
}
