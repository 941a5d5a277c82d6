import type { Clock } from '../src/lib/clock.ts'
import type { Db } from '../src/store/db.ts'
import type { WorldIds } from './connected-organization.ts'

export type NewProblem = {
  path?: string | null
  line?: number | null
  branch?: string
  commit?: string | null
  title?: string
  message?: string
}

/** A vulnerability with one finding, as an import leaves it. Answers its id. */
export async function insertProblem(
  { deps, ids, newId }: { deps: { db: Db; clock: Clock }; ids: WorldIds; newId: () => string },
  problem: NewProblem,
): Promise<string> {
  const id = newId()
  const now = deps.clock()
  const { next_vulnerability_number: number } = await deps.db
    .updateTable('organization')
    .set((set) => ({ next_vulnerability_number: set('next_vulnerability_number', '+', 1) }))
    .where('organization_id', '=', ids.organizationId)
    .returning('next_vulnerability_number')
    .executeTakeFirstOrThrow()
  const path = problem.path === undefined ? 'src/routes/orders.js' : problem.path
  const line = problem.line === undefined ? 15 : problem.line
  const title = problem.title ?? 'SQL built from user input'
  const shared = { organization_id: ids.organizationId, asset_id: ids.assetId, branch: problem.branch ?? 'main' }
  await deps.db
    .insertInto('vulnerability')
    .values({
      ...shared,
      id,
      number: number - 1,
      title,
      severity: 'high',
      severity_source: 'tool',
      scanner: 'semgrep',
      rule_id: 'js.sql-injection',
      path,
      line,
      status: 'identified',
      opened_at: now,
      last_seen_at: now,
    })
    .execute()
  await deps.db
    .insertInto('finding')
    .values({
      ...shared,
      id: newId(),
      vulnerability_id: id,
      scanner: 'semgrep',
      format: 'sarif',
      rule_id: 'js.sql-injection',
      title,
      message: problem.message ?? 'The query is put together with + from a request parameter.',
      severity: 'high',
      path,
      start_line: line,
      content_key: id,
      body_hash: id,
      commit_hash: problem.commit ?? null,
      first_import_id: ids.importId,
      last_import_id: ids.importId,
      last_step: 'new',
    })
    .execute()
  return id
}
