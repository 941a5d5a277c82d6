import type { Problem } from './chaos-world.ts'
import type { WeirCluster } from './weir-cluster.ts'

/** What Weir did about one problem, oldest first: for whoever looks into a run that failed. */
export async function explainProblem({ db }: WeirCluster, { title, vulnerabilityId: id }: Problem): Promise<string[]> {
  const defects = await db
    .selectFrom('defect')
    .select(['tracker', 'remote_id', 'link', 'agreed', 'updated_at'])
    .where('vulnerability_id', '=', id)
    .execute()
  const operations = await db
    .selectFrom('operation')
    .select(['kind', 'state', 'attempts', 'error', 'created_at', 'finished_at', 'attempt_log'])
    .where('vulnerability_id', '=', id)
    .execute()
  const deliveries = await db
    .selectFrom('delivery')
    .select(['event_key', 'state', 'outcome', 'error', 'received_at', 'processed_at'])
    .where('vulnerability_id', '=', id)
    .execute()
  const events = await db
    .selectFrom('vulnerability_event')
    .select(['kind', 'before', 'after', 'reason', 'created_at', 'actor_name'])
    .where('vulnerability_id', '=', id)
    .execute()
  const lines = [
    ...operations.map((one) => ({ at: one.created_at, what: one })),
    ...deliveries.map((one) => ({ at: one.received_at, what: one })),
    ...events.map((one) => ({ at: one.created_at, what: one })),
  ]
  return [
    `${title}: ${JSON.stringify(defects)}`,
    ...lines
      .toSorted((one, other) => one.at.getTime() - other.at.getTime())
      .map(({ at, what }) => `  ${at.toISOString()} ${JSON.stringify(what)}`),
  ]
}
