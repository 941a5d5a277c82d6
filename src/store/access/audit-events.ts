import { sql } from 'kysely'
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

/** What people call the target: its name now, or the one written down where it is gone. */
const targetName = sql<string | null>`coalesce(
  case target_kind
    when 'connection' then (select t.name from connection t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'asset' then (select t.name from asset t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'policy' then (select t.name from policy t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'import' then (select t.file_name from import t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'member' then (select t.name from member t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'user' then (select t.name from member t where t.organization_id = audit_event.organization_id and t.user_id = target_id)
    when 'invitation' then (select t.email from invitation t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'api_token' then (select t.name from api_token t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'contributor' then (select t.display_name from contributor t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'public_link' then (select t.name from public_link t where t.organization_id = audit_event.organization_id and t.id = target_id)
    when 'organization' then (select t.name from organization t where t.organization_id = audit_event.organization_id)
    when 'webhook' then (
      select c.name from webhook t join connection c on c.organization_id = t.organization_id and c.id = t.connection_id
      where t.organization_id = audit_event.organization_id and t.id = target_id)
  end,
  after ->> 'name', before ->> 'name', after ->> 'email')`

/** Newest first; ids are made in the order of time. */
export async function listAuditEvents(db: Db, organizationId: string, page: PageRequest) {
  let query = db
    .selectFrom('audit_event')
    .select(['id', 'actor_kind', 'actor_name', 'action', 'target_kind', 'target_id', 'ip_address', 'created_at'])
    .select(targetName.as('target_name'))
    // Bulk changes said it by another name before.
    .select(sql<string | null>`coalesce(after ->> 'summary', after ->> 'change')`.as('summary'))
    .where('organization_id', '=', organizationId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.execute()
}
