import { listScopeRequirements } from '../../bitbucket/scopes.ts'
import { listJiraNeeds } from '../../jira/permissions.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { type Page, parsePageRequest, toPage } from '../../store/page.ts'
import { type CountedConnection, listCountedConnections } from '../../store/remotes/connection-views.ts'
import type { ConnectionKey, ConnectionRow } from '../../store/remotes/connections.ts'
import { isAtGateway } from './judge-jira-token.ts'

/** A connection as the API answers it. */
export type ConnectionView = ReturnType<typeof toConnectionView>

function toConnectionView(row: CountedConnection) {
  const { workspace_uuid: uuid, workspace_slug: slug, workspace_name: name } = row
  return {
    id: row.id,
    kind: row.kind,
    auth_kind: row.auth_kind,
    name: row.name,
    web_url: row.web_url,
    workspace: uuid === null || slug === null ? null : { uuid, slug, name: name ?? slug },
    remote_account_name: row.remote_account_name,
    scopes: listNeeded(row).map((needed) => ({ ...needed, state: stateOf(row, needed.scope) })),
    ...toState(row),
    paused_until: row.paused_until?.toISOString() ?? null,
    expires_at: row.expires_at?.toISOString() ?? null,
    checked_at: row.checked_at?.toISOString() ?? null,
    repositories: row.repositories,
    assets: row.assets,
    webhooks_ok: row.webhooks_ok,
    webhooks_total: row.webhooks_total,
    operations_waiting: row.operations_waiting,
    operations_failed: row.operations_failed,
    deliveries_failed: row.deliveries_failed,
    outage: toOutage(row),
    withdrawn: toWithdrawn(row),
    created_at: row.created_at.toISOString(),
  }
}

/** What a connection needs, in the order of the screen. */
function listNeeded(row: ConnectionRow): { scope: string; needed_for: string }[] {
  switch (row.kind) {
    case 'bitbucket':
      return listScopeRequirements(row.auth_kind, row.has_issues).map(({ scope, needed_for }) => ({
        scope,
        needed_for,
      }))
    case 'jira':
      return listJiraNeeds(isAtGateway(row))
    default:
      return row.kind satisfies never
  }
}

/** While something still leads to an issue tracker that is no more. */
function toWithdrawn(row: CountedConnection) {
  const { issues_gone_at: at, has_issues: hasIssues, withdrawn_items: items, withdrawn_routes: routes } = row
  return at === null || hasIssues || items + routes === 0 ? null : { at: at.toISOString(), items, routes }
}

/** While nothing is tried but a probe now and then. */
function toOutage(row: CountedConnection) {
  if (row.probe_at === null || row.failing_since === null) return null
  return {
    since: row.failing_since.toISOString(),
    failures: row.failures_in_row,
    next_probe_at: row.probe_at.toISOString(),
  }
}

/** A webhook that is refused takes as much away as a scope that is missing. */
function toState(row: CountedConnection): Pick<CountedConnection, 'state' | 'state_reason'> {
  const { state, state_reason, webhooks_broken: broken, webhooks_total: total, webhook_problem: problem } = row
  const isWorking = state === 'active' || state === 'limited'
  if (!isWorking || broken === 0) return { state, state_reason }
  const which = total === 1 ? 'The webhook does not work' : `${broken} of ${total} webhooks do not work`
  const parts = [state_reason, `${which}${problem === null ? '.' : `: ${problem}`}`]
  return { state: 'limited', state_reason: parts.filter((part) => part !== null).join(' ') }
}

function stateOf(row: CountedConnection, scope: string): 'granted' | 'missing' | 'unknown' {
  if (row.scopes_missing.includes(scope)) return 'missing'
  return row.scopes_granted.includes(scope) ? 'granted' : 'unknown'
}

/** Throws `not_found`. */
export async function getConnectionView({ db }: { db: Db }, key: ConnectionKey): Promise<ConnectionView> {
  const page = { after: null, limit: 1 }
  const [row] = await listCountedConnections(db, { ...key, page })
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  return toConnectionView(row)
}

export async function listConnectionViews(
  { db }: { db: Db },
  input: { organizationId: string; cursor?: string | undefined; limit?: number | undefined },
): Promise<Page<ConnectionView>> {
  const page = parsePageRequest(input)
  const rows = await listCountedConnections(db, { organizationId: input.organizationId, page })
  return toPage(rows, page.limit, toConnectionView)
}
