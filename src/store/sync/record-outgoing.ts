import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db.ts'

type Told = { organizationId: string; now: Date }

/** Whether the organization tells anybody outside of anything: most tell nobody, and pay one look for it. */
async function isAnybodyTold(tx: Db, organizationId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('outgoing_webhook')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('state', '=', 'active')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** RFC 3339 with milliseconds, as everywhere in the API. */
const toTimestamp = (at: RawBuilder<unknown>) => sql`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The event a line of the history is told as outside; none for the others, and never for an internal note. */
const eventType = sql`case
  when e.kind in ('found', 'by_hand', 'split_off') then 'vulnerability.created'
  when e.kind = 'defect_created' then 'vulnerability.sent'
  when e.kind = 'deadline' then 'deadline.crossed'
  when e.kind in ('message_written', 'message_received') and m.id is not null then 'message.created'
  when e.after ->> 'status' is distinct from e.before ->> 'status' and e.before ? 'status' and e.after ? 'status'
    then 'vulnerability.status_changed'
end`

const vulnerability = sql`json_build_object('id', v.id, 'number', v.number, 'title', v.title, 'severity', v.severity,
  'status', v.status, 'branch', v.branch, 'path', '/vulnerabilities/' || v.id,
  'asset', json_build_object('id', a.id, 'key', a.key, 'name', a.name))`

const rankOf = (column: string) =>
  sql`array_position(array['critical', 'high', 'medium', 'low', 'notification'], ${sql.raw(column)})`

const lines = sql`vulnerability_event e
    join vulnerability v on v.organization_id = e.organization_id and v.id = e.vulnerability_id
    join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
    left join message m on m.organization_id = e.organization_id and m.id = (e.after ->> 'message_id')::uuid and not m.internal
    cross join lateral (select ${eventType} as type) t
    join outgoing_webhook w on w.organization_id = e.organization_id and w.state = 'active' and t.type = any(w.events)
      and ${rankOf('v.severity')} <= ${rankOf('w.min_severity')}`

const toDelivery = (now: Date) => sql`w.organization_id, w.id, e.id, t.type, json_build_object('type', t.type,
      'timestamp', ${toTimestamp(sql.ref('e.created_at'))}, 'data', json_build_object('event_id', e.id,
        'actor', json_build_object('kind', e.actor_kind, 'name', e.actor_name),
        'vulnerability', ${vulnerability}, 'reason', e.reason, 'before', e.before, 'after', e.after,
        'message', case when m.id is not null then json_build_object('id', m.id, 'author', m.author_name, 'body', m.body) end
      ))::text, 'queued', ${now}`

const deliveryColumns = sql`outgoing_delivery (organization_id, webhook_id, event_id, event_type, payload, state, created_at)`

/**
 * Queues for the outside what lines of the history say that were just written, once for each webhook that wants it. To be
 * called in the transaction that wrote them.
 */
export async function recordOutgoing(tx: Db, told: Told & { eventIds: readonly string[] }): Promise<void> {
  const { organizationId, eventIds, now } = told
  if (eventIds.length === 0 || !(await isAnybodyTold(tx, organizationId))) return
  await sql`
    insert into ${deliveryColumns}
    select ${toDelivery(now)} from ${lines}
    where e.organization_id = ${organizationId}::uuid and e.id = any(${[...eventIds]}::uuid[])
    on conflict do nothing`.execute(tx)
}

/** So many events of one import a service is sent, the worst first; the rest is one event with their number. */
const mostOfImport = 500
/** A channel with more than these gets one line in place of all of them. */
const mostLinesOfImport = 10

const importPart = sql`json_build_object('id', i.id, 'file_name', i.file_name, 'tool', i.tool, 'branch', i.branch,
          'commit', i.commit_hash, 'path', '/imports/' || i.id, 'counts', i.counts,
          'asset', json_build_object('id', a.id, 'key', a.key, 'name', a.name))`

type OfImport = Told & {
  importId: string /** What the import, or its undo, wrote into histories since then. */
  since: Date
}

/** Queues for the outside what an import, or its undo, brought about: event by event where it is little, else with a digest of the rest. */
export async function recordOutgoingOfImport(tx: Db, told: OfImport): Promise<void> {
  const { organizationId, importId, now, since } = told
  if (!(await isAnybodyTold(tx, organizationId))) return
  await sql`
    with matching as materialized (
      select w.id as webhook_id, w.kind, e.id as event_id, t.type, v.severity, count(*) over of_webhook as total,
        row_number() over (of_webhook order by ${rankOf('v.severity')}, e.id) as place
      from ${lines}
      where e.organization_id = ${organizationId}::uuid and e.import_id = ${importId}::uuid and e.created_at >= ${since}
      window of_webhook as (partition by w.id)),
    judged as materialized (
      select *, place <= case when kind = 'standard' then ${mostOfImport}
        when total > ${mostLinesOfImport} then 0 else ${mostLinesOfImport} end as is_single from matching),
    singles as (
      insert into ${deliveryColumns}
      select ${toDelivery(now)} from ${lines}
      join judged j on j.webhook_id = w.id and j.event_id = e.id and j.is_single
      where e.organization_id = ${organizationId}::uuid and e.import_id = ${importId}::uuid and e.created_at >= ${since}
      on conflict do nothing)
    insert into ${deliveryColumns}
    select ${organizationId}::uuid, d.webhook_id, d.event_id, 'import.digest', json_build_object('type', 'import.digest',
      'timestamp', ${toTimestamp(sql`${now}::timestamptz`)}, 'data', json_build_object('event_id', d.event_id, 'import', ${importPart},
        'events', json_build_object('told', d.told, 'left_out', d.left_out, 'by_type', d.by_type, 'by_severity', d.by_severity))
      )::text, 'queued', ${now}
    from (
      select j.webhook_id, gen_random_uuid() as event_id, count(*) filter (where j.is_single) as told,
        count(*) filter (where not j.is_single) as left_out,
        (select json_object_agg(type, n) from (select type, count(*) as n from judged o where o.webhook_id = j.webhook_id
          and not o.is_single group by type) as types) as by_type,
        (select json_object_agg(severity, n) from (select severity, count(*) as n from judged o where o.webhook_id = j.webhook_id
          and not o.is_single group by severity) as severities) as by_severity
      from judged j group by j.webhook_id having bool_or(not j.is_single)) d
    join import i on i.organization_id = ${organizationId}::uuid and i.id = ${importId}::uuid
    join asset a on a.organization_id = i.organization_id and a.id = i.asset_id`.execute(tx)
}

/** Queues for the outside that an import was applied, with its counts as they are now; a channel that has its digest knows. */
export async function recordOutgoingImport(tx: Db, told: Told & { importId: string }): Promise<void> {
  const { organizationId, importId, now } = told
  if (!(await isAnybodyTold(tx, organizationId))) return
  await sql`
    insert into ${deliveryColumns}
    select w.organization_id, w.id, i.id, 'import.applied', json_build_object('type', 'import.applied',
      'timestamp', ${toTimestamp(sql`${now}::timestamptz`)}, 'data', json_build_object('event_id', i.id, 'import', ${importPart}
      ))::text, 'queued', ${now}
    from import i
    join asset a on a.organization_id = i.organization_id and a.id = i.asset_id
    join outgoing_webhook w on w.organization_id = i.organization_id and w.state = 'active' and 'import.applied' = any(w.events)
    where i.organization_id = ${organizationId}::uuid and i.id = ${importId}::uuid and (w.kind = 'standard' or not exists (
      select from outgoing_delivery d where d.organization_id = w.organization_id and d.webhook_id = w.id
        and d.event_type = 'import.digest' and d.created_at = ${now} and d.payload::json #>> '{data,import,id}' = i.id::text))
    on conflict do nothing`.execute(tx)
}
