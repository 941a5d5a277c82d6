import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { insertAuditEvent } from '../../store/access/audit-events.ts'
import type { Db } from '../../store/db.ts'

/** Who did it and from where, for the audit log. */
export type AuditActor =
  | { kind: 'member'; memberId: string; name: string; tokenId: string | null; ipAddress: string | null }
  | { kind: 'system' | 'cli'; name: string }

export type AuditEntry = {
  organizationId: string
  actor: AuditActor
  /** `noun.past_verb`, such as `member.role_changed`. */
  action: string
  target?: { kind: string; id: string }
  before?: Readonly<Record<string, unknown>>
  after?: Readonly<Record<string, unknown>>
}

/** One line of the audit log, in the transaction of what it tells. */
export async function recordAudit(deps: { clock: Clock; newId: NewId }, tx: Db, entry: AuditEntry): Promise<void> {
  const { actor, target } = entry
  const isMember = actor.kind === 'member'
  await insertAuditEvent(tx, entry.organizationId, {
    id: deps.newId(),
    actorKind: isMember && actor.tokenId !== null ? 'api_token' : actor.kind,
    actorId: isMember ? actor.memberId : null,
    actorName: actor.name,
    action: entry.action,
    targetKind: target?.kind ?? null,
    targetId: target?.id ?? null,
    before: entry.before ?? null,
    after: entry.after ?? null,
    ipAddress: isMember ? actor.ipAddress : null,
    at: deps.clock(),
  })
}
