import type * as z from 'zod'
import type { getOverview as route } from '../../../contract/security/overview.ts'
import type { SlaState } from '../../domain/sla/judge-sla.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import { toSeverityCounts } from '../../store/security/asset-views.ts'
import { findSla } from '../../store/security/deadlines.ts'
import {
  countDeadlines,
  countOpenBySeverity,
  countOverview,
  listTroubledConnections,
} from '../../store/security/overview.ts'

type Answer = z.output<NonNullable<(typeof route)['response']>>

/**
 * The figures of the first page, and which steps of the beginning are done. Connections in trouble are told only to those
 * who may read connections: the reason names accounts and scopes.
 */
export async function getOverview(
  deps: { db: Db; clock: Clock },
  input: { organizationId: string; memberId: string; mayReadConnections: boolean },
): Promise<Answer> {
  const { organizationId } = input
  const [counts, open, deadlines, sla, troubled] = await Promise.all([
    countOverview(deps.db, input),
    countOpenBySeverity(deps.db, organizationId),
    countDeadlines(deps.db, { organizationId, now: deps.clock() }),
    findSla(deps.db, { organizationId }),
    input.mayReadConnections ? listTroubledConnections(deps.db, input.organizationId) : [],
  ])
  return {
    open: toSeverityCounts(open),
    deadlines: sla.settings === null ? null : toDeadlines(deadlines),
    awaiting_validation: counts.awaiting_validation,
    unread: counts.unread,
    assets: counts.assets,
    imports: counts.imports,
    imports_waiting: counts.imports_waiting,
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

function toDeadlines({ on_track = 0, approaching = 0, breached = 0 }: Partial<Record<SlaState, number>>) {
  return { on_track, approaching, breached }
}
