import type { WeeklyDigest, WeekPreview } from '../../../../contract/delivery/weekly-digest.ts'
import { type OutsideChannel, outsideChannels, weeklyDigest } from '../../../domain/calls/call-kinds.ts'
import { findLastWeek } from '../../../domain/calls/find-week.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { MailTransport } from '../../../lib/mail-transport.ts'
import type { Db } from '../../../store/db.ts'
import { writeChoices } from '../../../store/sync/notification-choices.ts'
import {
  findWeeklyDefault,
  findWeeklyReader,
  insertWeekMessages,
  type WeeklyReader,
  writeWeeklyDefault,
  writeWeeklyRhythm,
} from '../../../store/sync/weekly-digests.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { defaultWeekday, sendable } from './compose-weeks.ts'
import { defaultDigestHour } from './digest-rhythm.ts'
import { tellWeek, zoneOf } from './tell-week.ts'

type Member = { organizationId: string; memberId: string }
type Deps = { db: Db; clock: Clock; newId: NewId; mail: MailTransport | undefined }

/** How a member gets the week's figures. */
export async function getWeeklyDigest({ db }: Pick<Deps, 'db'>, member: Member): Promise<WeeklyDigest> {
  const reader = await requireReader(db, member)
  const has = (channel: OutsideChannel) => reader.channels.includes(channel)
  return {
    email: has('email'),
    slack: has('slack'),
    teams: has('teams'),
    weekday: reader.weekday ?? defaultWeekday,
    hour: reader.hour ?? defaultDigestHour,
    time_zone: zoneOf(reader),
    is_own: reader.isOwn,
    is_on_for_all: reader.organizationOnSince !== null,
  }
}

/** Holds from the next week that is due on; turning it on brings none that was due before. */
export async function updateWeeklyDigest(
  deps: Deps,
  { choice, ...member }: Member & { choice: Record<OutsideChannel, boolean> & { weekday: number; hour: number } },
): Promise<WeeklyDigest> {
  const before = await requireReader(deps.db, member)
  const isOn = outsideChannels.some((channel) => choice[channel])
  const wasOn = before.isOwn && before.onSince !== null && before.channels.length > 0
  const onSince = isOn && !wasOn ? deps.clock() : undefined
  await deps.db.transaction().execute(async (tx) => {
    const choices = outsideChannels.map((channel) => ({ kind: weeklyDigest, channel, wanted: choice[channel] }))
    await writeChoices(tx, member, choices)
    await writeWeeklyRhythm(tx, { ...member, weekday: choice.weekday, hour: choice.hour, onSince })
  })
  return getWeeklyDigest(deps, member)
}

/** What a message about the last full week would say now. */
export async function previewWeeklyDigest(
  deps: Pick<Deps, 'db' | 'clock'> & { settings: { readonly publicUrl: string } },
  member: Member,
): Promise<WeekPreview> {
  const reader = await requireReader(deps.db, member)
  const week = findLastWeek(zoneOf(reader), deps.clock())
  const text = await tellWeek(deps, { ...member, week, publicUrl: deps.settings.publicUrl })
  return {
    from: week.from.toISOString(),
    to: week.to.toISOString(),
    title: text?.title ?? null,
    parts: (text?.lines ?? []).map(({ head, text: said, links = [] }) => {
      return { head, lines: said === null ? [] : said.split('\n'), links: [...links] }
    }),
  }
}

/**
 * Sends a message about the last full week now, by the channels the member chose, else by mail; the one that is due comes
 * all the same. Throws `conflict` where no channel can be written to.
 */
export async function sendWeeklyDigest(deps: Deps, member: Member): Promise<{ channels: OutsideChannel[] }> {
  const reader = await requireReader(deps.db, member)
  const wanted: OutsideChannel[] = reader.channels.length === 0 ? ['email'] : reader.channels
  const channels = sendable(deps, { channels: wanted })
  if (channels.length === 0)
    throw new AppError('conflict', 'E-mail is off, and you chose no chat: there is no way to write to you.')
  const now = deps.clock()
  const week = findLastWeek(zoneOf(reader), now)
  await deps.db.transaction().execute((tx) => insertWeekMessages(deps, tx, { ...member, channels, week, now }))
  return { channels }
}

/** Decides for everybody who chose nothing. */
export async function updateWeeklyDigestForAll(
  deps: Omit<Deps, 'mail'>,
  { organizationId, isOn, actor }: { organizationId: string; isOn: boolean; actor: AuditActor },
): Promise<{ is_on: boolean }> {
  const now = deps.clock()
  await deps.db.transaction().execute(async (tx) => {
    const since = await findWeeklyDefault(tx, organizationId)
    if (isOn === (since !== null)) return
    await writeWeeklyDefault(tx, { organizationId, onSince: isOn ? now : null, now })
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'weekly_digest.changed',
      target: { kind: 'organization', id: organizationId },
      before: { is_on: since !== null },
      after: { is_on: isOn },
    })
  })
  return { is_on: isOn }
}

async function requireReader(db: Db, member: Member): Promise<WeeklyReader> {
  const reader = await findWeeklyReader(db, member)
  if (reader === undefined) throw new AppError('not_found', 'There is no member with this id.')
  return reader
}
