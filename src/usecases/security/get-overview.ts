import type * as z from 'zod'
import type { getOverview as route } from '../../../contract/security/overview.ts'
import type { Db } from '../../store/db.ts'
import { toSeverityCounts } from '../../store/security/asset-views.ts'
import { countOpenBySeverity, countOverview, listTroubledConnections } from '../../store/security/overview.ts'

type Answer = z.output<NonNullable<(typeof route)['response']>>

/**
 * The figures of the first page, and which steps of the beginning are done. Connections in trouble are told only to those
 * who may read connections: the reason names accounts and scopes.
 */
export async function getOverview(
  deps: { db: Db },
  input: { organizationId: string; memberId: string; mayReadConnections: boolean },
): Promise<Answer> {
  const [counts, open, troubled] = await Promise.all([
    countOverview(deps.db, input),
    countOpenBySeverity(deps.db, input.organizationId),
    input.mayReadConnections ? listTroubledConnections(deps.db, input.organizationId) : [],
  ])
  return {
    open: toSeverityCounts(open),
    awaiting_validation: counts.awaiting_validation,
    unread: counts.unread,
    assets: counts.assets,
    imports: counts.imports,
    connections_with_problems: troubled.map((row) => ({
      id: row.id,
      name: row.name,
      reason: row.state_reason ?? `The connection is ${row.state}.`,
    })),
    checklist: [
      { step: 'connect', done: counts.connections > 0 },
      { step: 'choose_repositories', done: counts.repositories > 0 },
      { step: 'import_report', done: counts.imports > 0 },
      { step: 'send', done: counts.defects > 0 },
      { step: 'invite', done: counts.others > 0 },
    ],
  }
}
