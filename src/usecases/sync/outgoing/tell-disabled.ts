import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { callAdmins } from '../../../store/sync/calls.ts'
import { announce } from '../../../store/sync/live-events.ts'

/** Calls the administrators, who alone can enable a webhook again. */
export async function tellDisabled(
  deps: { newId: NewId },
  tx: Db,
  told: { organizationId: string; name: string; reason: string; now: Date },
): Promise<void> {
  const { organizationId, name, reason, now } = told
  const subject = `The webhook “${name}” was disabled. ${reason}`
  await callAdmins(deps, tx, { organizationId, kind: 'webhook_disabled', subject, now })
  await announce(tx, organizationId, [{ kind: 'notification' }])
}
