import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { ImportLogTable } from '../schema.gen.ts'

type ImportKey = { organizationId: string; importId: string }

/** One line of what happened to an import; of a stage with how long it took and how much it went through. */
export type ImportLogLine = {
  kind: ImportLogTable['kind']
  at: Date
  actor: string | null
  durationMs: number | null
  bytes: number | null
  findings: number | null
  detail: string | null
}

/** A line that is no stage. */
export function toLogLine(
  kind: ImportLogLine['kind'],
  at: Date,
  { actor = null, detail = null }: { actor?: string | null; detail?: string | null } = {},
): ImportLogLine {
  return { kind, at, actor, detail, durationMs: null, bytes: null, findings: null }
}

/** Adds lines behind those that are there; whoever else wants to add some waits until the transaction ends. */
export async function insertImportLog(
  tx: Db,
  { organizationId, importId }: ImportKey,
  lines: readonly ImportLogLine[],
): Promise<void> {
  if (lines.length === 0) return
  // A statement of its own: the next one sees what was written while this one waited.
  await sql`select from import where organization_id = ${organizationId}::uuid and id = ${importId}::uuid for no key update`.execute(
    tx,
  )
  const rows = JSON.stringify(
    lines.map(({ durationMs, ...line }, index) => ({ ...line, position: index + 1, duration_ms: durationMs })),
  )
  await sql`
    insert into import_log (organization_id, import_id, position, at, kind, actor, duration_ms, bytes, findings, detail)
    select ${organizationId}::uuid, ${importId}::uuid, l.position + coalesce(
      (select max(position) from import_log where organization_id = ${organizationId}::uuid and import_id = ${importId}::uuid), 0),
      l.at, l.kind, l.actor, l.duration_ms, l.bytes, l.findings, l.detail
    from jsonb_to_recordset(${rows}::jsonb) as l (position integer, at timestamptz, kind text, actor text,
      duration_ms integer, bytes bigint, findings integer, detail text)`.execute(tx)
}

/** In the order they were written. */
export async function listImportLog(db: Db, { organizationId, importId }: ImportKey) {
  return db
    .selectFrom('import_log')
    .select(['at', 'kind', 'actor', 'duration_ms', 'bytes', 'findings', 'detail'])
    .where('organization_id', '=', organizationId)
    .where('import_id', '=', importId)
    .orderBy('position')
    .execute()
}
