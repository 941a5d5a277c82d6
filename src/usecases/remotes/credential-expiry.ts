import { expiryWarningDue, firstWarningDays } from '../../domain/expiry-warning.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionKey, lockConnection, updateConnection } from '../../store/remotes/connections.ts'
import { listEndingConnections } from '../../store/remotes/ending-connections.ts'
import { callAdmins } from '../../store/sync/calls.ts'
import { announce } from '../../store/sync/live-events.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }

const lookedAtAtMost = 500
const dayMs = 24 * 3_600_000

/**
 * Writes down until when a credential is good: remotes do not say it of a token. Throws `not_found`, or `conflict` for a
 * login, which is renewed by itself.
 */
export async function setCredentialExpiry(
  deps: Deps,
  input: ConnectionKey & { actor: AuditActor; expiresAt: Date | null },
): Promise<ConnectionView> {
  const { organizationId, connectionId, actor, expiresAt } = input
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockConnection(tx, input)
    if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
    if (row.auth_kind === 'oauth')
      throw new AppError('conflict', 'This connection was made by logging in; its tokens are renewed by themselves.')
    const values = { expires_at: expiresAt, expiry_warned_days: null }
    await updateConnection(tx, { ...input, now: deps.clock() }, values)
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'connection.expiry_set',
      target: { kind: 'connection', id: connectionId },
      before: { expires_at: row.expires_at?.toISOString() ?? null },
      after: { expires_at: expiresAt?.toISOString() ?? null },
    })
    await announce(tx, organizationId, [{ kind: 'connection', connection_id: connectionId }])
  })
  return getConnectionView(deps, input)
}

/** Tells administrators 30, 7 and 1 days before a credential ends, once each. */
export async function warnOfEndingCredentials(deps: Deps): Promise<void> {
  const now = deps.clock()
  const until = new Date(now.getTime() + firstWarningDays * dayMs)
  for (const ending of await listEndingConnections(deps.db, { from: now, until, limit: lookedAtAtMost })) {
    const { expiresAt, warnedDays } = ending
    if (expiresAt === null || expiryWarningDue({ expiresAt, now, warnedDays }) === undefined) continue
    await deps.db.transaction().execute((tx) => warn(deps, tx, ending))
  }
}

async function warn(deps: Deps, tx: Db, { organizationId, connectionId }: ConnectionKey): Promise<void> {
  const now = deps.clock()
  const key = { organizationId, connectionId, now }
  // As it is under the lock: of two processes that looked, one tells.
  const row = await lockConnection(tx, key)
  if (row === undefined || row.expires_at === null) return
  const step = expiryWarningDue({ expiresAt: row.expires_at, now, warnedDays: row.expiry_warned_days })
  if (step === undefined) return
  await updateConnection(tx, key, { expiry_warned_days: step })
  const days = Math.ceil((row.expires_at.getTime() - now.getTime()) / dayMs)
  const when = `${row.expires_at.toISOString().slice(0, 10)}, in ${days === 1 ? 'a day' : `${days} days`}`
  const subject = `The credential of ${row.name} ends on ${when}: make a new one and renew the connection.`
  await callAdmins(deps, tx, { organizationId, kind: 'credential_ending', subject, now })
  await announce(tx, organizationId, [{ kind: 'notification' }])
}
