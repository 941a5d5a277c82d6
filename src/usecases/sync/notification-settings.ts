import type { NotificationSettings } from '../../../contract/sync/notifications.ts'
import { callKinds, isToldAtOnce } from '../../domain/calls/call-kinds.ts'
import { isTimeZone } from '../../domain/sla/local-days.ts'
import { AppError } from '../../lib/app-error.ts'
import type { MailTransport } from '../../lib/mail-transport.ts'
import { findMember } from '../../store/access/members.ts'
import type { Db } from '../../store/db.ts'
import { findSla } from '../../store/security/deadlines.ts'
import { listChats } from '../../store/sync/member-chats.ts'
import { type Choice, findRhythm, openWants, writeChoices, writeRhythm } from '../../store/sync/notification-choices.ts'
import { parseSla } from '../security/deadlines/sla-rules.ts'
import { chooseZone, defaultDigestHour } from './calling/digest-rhythm.ts'

type Member = { organizationId: string; memberId: string }
type Deps = { db: Db; mail: MailTransport | undefined }

/** What a member is called for, by which channels and when; what they did not choose is what holds for everybody. */
export async function getNotificationSettings({ db, mail }: Deps, member: Member): Promise<NotificationSettings> {
  const { organizationId, memberId } = member
  const wants = await openWants(db, { organizationId, memberIds: [memberId] })
  const rhythm = await findRhythm(db, member)
  const { settings } = await findSla(db, { organizationId })
  const chats = await listChats(db, member)
  const account = await findMember(db, organizationId, memberId)
  return {
    kinds: callKinds.map((kind) => ({
      kind,
      at_once: isToldAtOnce(kind),
      in_app: wants(memberId, kind, 'in_app'),
      email: wants(memberId, kind, 'email'),
      slack: wants(memberId, kind, 'slack'),
      teams: wants(memberId, kind, 'teams'),
    })),
    digest_hour: rhythm?.digest_hour ?? defaultDigestHour,
    time_zone: chooseZone(rhythm?.time_zone ?? null, parseSla(settings)),
    is_own_zone: (rhythm?.time_zone ?? null) !== null,
    email: mail === undefined ? null : (account?.email ?? null),
    chats: chats.map(({ channel, address, error, ended_at }) => {
      return { channel, address, error, ended_at: ended_at?.toISOString() ?? null }
    }),
  }
}

/** Holds from the next call on; those that are there stay. Throws `validation_failed` for a zone that is none. */
export async function updateNotificationSettings(
  deps: Deps,
  input: Member & {
    choices?: readonly Choice[] | undefined
    digestHour?: number | undefined
    timeZone?: string | null | undefined
  },
): Promise<NotificationSettings> {
  const { choices = [], digestHour, timeZone } = input
  if (typeof timeZone === 'string' && !isTimeZone(timeZone))
    throw new AppError('validation_failed', 'time_zone: there is no such time zone. Write one such as Europe/Berlin.')
  await deps.db.transaction().execute(async (tx) => {
    await writeChoices(tx, input, choices)
    await writeRhythm(tx, input, {
      ...(digestHour !== undefined && { digest_hour: digestHour }),
      ...(timeZone !== undefined && { time_zone: timeZone }),
    })
  })
  return getNotificationSettings(deps, input)
}
