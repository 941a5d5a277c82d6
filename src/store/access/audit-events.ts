import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'

export type AuditEvent = {
  id: string
  actorKind: 'member' | 'api_token' | 'system' | 'cli'
  actorId: string | null
  actorName: string
  action: string
  targetKind: string | null
  targetId: string | null
  before?: Readonly<Record<string, unknown>> | null
  after?: Readonly<Record<string, unknown>> | null
  ipAddress: string | null
  at: Date
}

export async function insertAuditEvent(tx: Db, organizationId: string, event: AuditEvent): Promise<void> {
  await tx
    .insertInto('audit_event')
    .values({
      organization_id: organizationId,
      id: event.id,
      actor_kind: event.actorKind,
      actor_id: event.actorId,
      actor_name: event.actorName,
      action: event.action,
      target_kind: event.targetKind,
      target_id: event.targetId,
      before: event.before ? JSON.stringify(event.before) : null,
      after: event.after ? JSON.stringify(event.after) : null,
      ip_address: event.ipAddress,
      created_at: event.at,
    })
    .execute()
}

/** Newest first; ids are made in the order of time. */
export async function listAuditEvents(db: Db, organizationId: string, page: PageRequest) {
  let query = db
    .selectFrom('audit_event')
    .select(['id', 'actor_kind', 'actor_name', 'action', 'target_kind', 'target_id', 'ip_address', 'created_at'])
    .where('organization_id', '=', organizationId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.execute()
}
