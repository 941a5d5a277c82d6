import type { Actor } from '../../../domain/actor.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

type ImportEntry = {
  organizationId: string
  importId: string
  actor: Actor
  ipAddress: string | null
  source: 'browser' | 'cli' | 'api'
  /** `forced`: a guard held it back, and a person applied it all the same. */
  done: 'applied' | 'forced' | 'undone'
  after: Readonly<Record<string, unknown>>
}

/** What an import changed stands in the history of each vulnerability; who let it in, or took it back, stands here. */
export async function auditImport(deps: { clock: Clock; newId: NewId }, tx: Db, entry: ImportEntry): Promise<void> {
  await recordAudit(deps, tx, {
    organizationId: entry.organizationId,
    actor: toAuditor(entry),
    action: `import.${entry.done}`,
    target: { kind: 'import', id: entry.importId },
    after: entry.after,
  })
}

function toAuditor({ actor, ipAddress, source }: ImportEntry): AuditActor {
  if (actor.kind === 'member') return { ...actor, ipAddress }
  return { kind: source === 'cli' ? 'cli' : 'system', name: actor.name }
}
