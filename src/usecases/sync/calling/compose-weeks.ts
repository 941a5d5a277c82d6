import { findWeek } from '../../../domain/calls/find-week.ts'
import type { TimeRange } from '../../../domain/delivery/time-buckets.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { MailTransport } from '../../../lib/mail-transport.ts'
import type { Db } from '../../../store/db.ts'
import {
  claimWeek,
  insertWeekMessages,
  listWeeklyReaders,
  type WeeklyReader,
} from '../../../store/sync/weekly-digests.ts'
import { defaultDigestHour } from './digest-rhythm.ts'
import { zoneOf } from './tell-week.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; mail: MailTransport | undefined }

export const defaultWeekday = 1

/** Makes a message of the last week for whoever's hour has come, by each channel they want; mail only while Weir sends any. */
export async function composeWeeks(deps: Deps): Promise<void> {
  for (const reader of await listWeeklyReaders(deps.db)) {
    const since = reader.isOwn ? reader.onSince : reader.organizationOnSince
    if (since === null) continue
    const { weekday, hour, toldTo } = reader
    const rhythm = { weekday: weekday ?? defaultWeekday, hour: hour ?? defaultDigestHour, since, toldTo }
    const week = findWeek({ ...rhythm, timeZone: zoneOf(reader) }, deps.clock())
    if (week !== undefined) await deps.db.transaction().execute((tx) => composeWeek(deps, tx, { reader, week }))
  }
}

async function composeWeek(
  deps: Deps,
  tx: Db,
  { reader, week }: { reader: WeeklyReader; week: TimeRange },
): Promise<void> {
  if (!(await claimWeek(tx, { ...reader, to: week.to }))) return
  await insertWeekMessages(deps, tx, { ...reader, channels: sendable(deps, reader), week, now: deps.clock() })
}

/** What waits for a mail server that is not there would be out of date when there is one. */
export function sendable({ mail }: Pick<Deps, 'mail'>, { channels }: Pick<WeeklyReader, 'channels'>) {
  return channels.filter((channel) => channel !== 'email' || mail !== undefined)
}
