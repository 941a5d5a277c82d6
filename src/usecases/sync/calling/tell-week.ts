import type { TimeRange } from '../../../domain/delivery/time-buckets.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { findWeeklyReader, type WeeklyReader } from '../../../store/sync/weekly-digests.ts'
import type { Remember } from '../../../trackers/tracker.ts'
import { gatherWeek, hasAnything } from '../../delivery/weekly/gather-week.ts'
import { parseSla } from '../../security/deadlines/sla-rules.ts'
import { describeWeek, type WeekText } from './describe-week.ts'
import { chooseZone } from './digest-rhythm.ts'

type Deps = { db: Db; clock: Clock; remember?: Remember | undefined }
type Member = { organizationId: string; memberId: string }

/** A week of a member in words, as it is known now; undefined where there is nothing to say. */
export async function tellWeek(
  { db, clock, remember }: Deps,
  { week: range, publicUrl, ...member }: Member & { week: TimeRange; publicUrl: string },
): Promise<WeekText | undefined> {
  const reader = await findWeeklyReader(db, member)
  if (reader === undefined) return undefined
  const now = clock()
  const week = await gatherWeek(db, { ...member, range, timeZone: zoneOf(reader), now, remember })
  return hasAnything(week) ? describeWeek(week, { publicUrl, now }) : undefined
}

/** The zone by which a member's weeks begin and their digest leaves. */
export function zoneOf({ zone, sla }: Pick<WeeklyReader, 'zone' | 'sla'>): string {
  return chooseZone(zone, parseSla(sla))
}
