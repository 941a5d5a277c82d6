import type { PeopleSettings } from '../../../../contract/delivery/people-settings.ts'
import { isTimeZone } from '../../../domain/sla/local-days.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { getPeopleSettingsRow, writePeopleSettings } from '../../../store/delivery/people/people-settings.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

/** What figures may show of one person alone. */
export async function getPeopleSettings(
  { db }: { db: Db },
  { organizationId }: { organizationId: string },
): Promise<PeopleSettings> {
  return getPeopleSettingsRow(db, organizationId)
}

/** Throws `validation_failed` for rankings without pages of persons, and for a zone nobody knows. */
export async function updatePeopleSettings(
  deps: { db: Db; clock: Clock; newId: NewId },
  { organizationId, settings, actor }: { organizationId: string; settings: PeopleSettings; actor: AuditActor },
): Promise<PeopleSettings> {
  if (settings.has_rankings && !settings.has_person_pages)
    throw new AppError('validation_failed', 'has_rankings: people can be ranked only where they have pages.')
  if (!isTimeZone(settings.time_zone))
    throw new AppError('validation_failed', `time_zone: there is no time zone “${settings.time_zone}”.`)
  await deps.db.transaction().execute(async (tx) => {
    const before = await getPeopleSettingsRow(tx, organizationId)
    await writePeopleSettings(tx, { organizationId, now: deps.clock(), settings })
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'people_settings.changed',
      target: { kind: 'organization', id: organizationId },
      before,
      after: settings,
    })
  })
  return settings
}
