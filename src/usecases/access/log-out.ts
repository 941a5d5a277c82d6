import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { announceAccessChange } from '../../store/access/access-changes.ts'
import type { Db } from '../../store/db.ts'
import type { Accounts } from './accounts.ts'
import { type AuditActor, recordAudit } from './audit.ts'

type Deps = { db: Db; accounts: Accounts; clock: Clock; newId: NewId }

/** Ends the session of the cookie, with its open streams; answers the Set-Cookie lines that remove the cookie. */
export async function logOut(
  deps: Deps,
  input: { organizationId: string; cookie: string; actor: AuditActor },
): Promise<string[]> {
  const { organizationId, cookie, actor } = input
  const cookies = await deps.accounts.logOut(cookie)
  await recordAudit(deps, deps.db, { organizationId, actor, action: 'session.ended' })
  await announceAccessChange(deps.db, organizationId)
  return cookies
}
