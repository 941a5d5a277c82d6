import { listOwnWorkspaces, readWorkspace } from '../../bitbucket/readers/workspaces.ts'
import { AppError } from '../../lib/app-error.ts'
import {
  type ConnectionKey,
  type ConnectionRow,
  deleteUnboundConnection,
  findConnection,
  findConnectionOfWorkspace,
  lockConnection,
  lockOrganizationConnections,
  updateConnection,
} from '../../store/remotes/connections.ts'
import { announce } from '../../store/sync/live-events.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'
import { ensureSiteWebhook } from './ensure-site-webhook.ts'
import { judgeAtSite, readJiraSites } from './jira-sites.ts'
import { type JudgedCredential, judgeCredential } from './judge-credential.ts'
import { openConnection, type RemoteDeps } from './open-connection.ts'
import type { RemoteAddresses } from './remote-settings.ts'
import { type ConnectDeps, saveConnectionWithin, workspaceTaken } from './save-connection.ts'
import { openCredential } from './stored-credential.ts'

/** Beyond this the names are left as slugs: one request each. */
const namedAtMost = 50

/** Workspaces or sites the credential sees. A token of one workspace, and whatever has its site, shows the connected one. */
export async function listRemoteWorkspaces(deps: RemoteDeps, key: ConnectionKey) {
  const found = await findConnection(deps.db, key)
  if (found?.kind === 'jira') return listJiraSites(deps, found)
  const { connection, client } = await openConnection(deps, key)
  if (connection.auth_kind === 'access_token') return { items: listConnected(connection) }
  const seen = await listOwnWorkspaces(client, 'person')
  const items = []
  for (const [index, one] of seen.entries()) {
    const named = index < namedAtMost ? await readWorkspace(client, { workspace: one.uuid, lane: 'person' }) : one
    items.push({
      uuid: one.uuid,
      slug: one.slug,
      name: 'name' in named ? named.name : one.slug,
      is_administrator: one.isAdministrator,
    })
  }
  return { items }
}

async function listJiraSites(deps: RemoteDeps, row: ConnectionRow) {
  if (row.workspace_uuid !== null) return { items: listConnected(row) }
  const sites = await readJiraSites(deps, { organizationId: row.organization_id, connectionId: row.id })
  const items = sites.map(({ cloudId, webUrl, name }) => {
    const slug = new URL(webUrl).host
    return { uuid: cloudId, slug, name, is_administrator: false }
  })
  return { items }
}

function listConnected({ workspace_uuid: uuid, workspace_slug: slug, workspace_name: name, ...row }: ConnectionRow) {
  return uuid === null || slug === null
    ? []
    : [{ uuid, slug, name: name ?? slug, is_administrator: row.is_administrator }]
}

/**
 * Binds a connection to a workspace or site (slug or UUID) after checking the credential there. Where that workspace was
 * connected before and has no working credential now, the earlier connection is taken up again with this credential, so
 * that its repositories and assets stay, and it is the one answered. Throws as `judgeCredential`, and `conflict`.
 */
export async function chooseWorkspace(
  deps: ConnectDeps,
  input: ConnectionKey & { workspace: string; actor: AuditActor },
): Promise<ConnectionView> {
  const found = await findConnection(deps.db, input)
  const { connection, judged, addresses } =
    found?.kind === 'jira' ? await judgeSite(deps, found, input) : await judgeWorkspace(deps, input)
  const workspace = judged.check.workspace
  if (workspace === null) throw new AppError('validation_failed', 'The workspace is not visible with this credential.')
  if (connection.workspace_uuid !== null && connection.workspace_uuid !== workspace.uuid)
    throw new AppError(
      'conflict',
      'This connection has its workspace already. Make another connection for another one.',
    )
  const key = await deps.db.transaction().execute(async (tx) => {
    await lockOrganizationConnections(tx, input.organizationId)
    const { organizationId } = input
    const other = await findConnectionOfWorkspace(tx, {
      organizationId,
      kind: connection.kind,
      apiUrl: connection.api_url,
      workspaceUuid: workspace.uuid,
    })
    if (other === undefined || other.id === input.connectionId) {
      await bind(deps, tx, { input, workspace, judged, addresses })
      return input
    }
    if (other.state !== 'disconnected' && other.state !== 'unauthorized') throw workspaceTaken(other)
    return moveCredential(deps, tx, { input, judged, addresses, earlierId: other.id })
  })
  if (connection.kind === 'jira') await ensureSiteWebhook(deps, key)
  return getConnectionView(deps, key)
}

type JudgedPlace = { connection: ConnectionRow; judged: JudgedCredential; addresses: RemoteAddresses }
type ChooseInput = ConnectionKey & { workspace: string }

async function judgeWorkspace(deps: ConnectDeps, input: ChooseInput): Promise<JudgedPlace> {
  const { connection, client } = await openConnection(deps, input)
  const judged = await judgeCredential(client, { kind: connection.auth_kind, workspace: input.workspace })
  return { connection, judged, addresses: { apiUrl: connection.api_url, webUrl: connection.web_url } }
}

async function judgeSite(deps: ConnectDeps, connection: ConnectionRow, input: ChooseInput): Promise<JudgedPlace> {
  if (connection.workspace_uuid !== null)
    throw new AppError('conflict', 'This connection has its site already. Make another connection for another one.')
  const sites = await readJiraSites(deps, input)
  const site = sites.find(({ cloudId, webUrl }) => [cloudId, new URL(webUrl).host].includes(input.workspace))
  if (site === undefined)
    throw new AppError('validation_failed', 'The login may not use this site. Log in again for it.')
  return { connection, ...(await judgeAtSite(deps, input, site)) }
}

/** Gives the credential of a connection without a workspace to the earlier one, and removes the former. */
async function moveCredential(
  deps: ConnectDeps,
  tx: ConnectDeps['db'],
  { input, judged, addresses, earlierId }: Omit<Binding, 'workspace'> & { earlierId: string },
): Promise<ConnectionKey> {
  const { organizationId, connectionId, actor } = input
  const unbound = await lockConnection(tx, input)
  if (unbound === undefined || unbound.workspace_uuid !== null)
    throw new AppError('conflict', 'This connection was changed in the meantime. Load the page again.')
  await deleteUnboundConnection(tx, input)
  return saveConnectionWithin(deps, tx, {
    organizationId,
    actor,
    kind: unbound.kind,
    addresses,
    authKind: unbound.auth_kind,
    credential: openCredential(deps.secretBox, { organizationId, connectionId }, unbound.sealed_credential),
    oauthConsumerId: unbound.oauth_consumer_id,
    takeUp: earlierId,
    judged,
  })
}

type Binding = {
  input: ConnectionKey & { actor: AuditActor }
  workspace: { uuid: string; slug: string; name: string }
  judged: JudgedCredential
  addresses: RemoteAddresses
}

async function bind(
  deps: ConnectDeps,
  tx: ConnectDeps['db'],
  { input, workspace, judged, addresses }: Binding,
): Promise<void> {
  await updateConnection(
    tx,
    { ...input, now: deps.clock() },
    {
      ...judged.columns,
      name: workspace.name,
      workspace_uuid: workspace.uuid,
      workspace_slug: workspace.slug,
      workspace_name: workspace.name,
      api_url: addresses.apiUrl,
      web_url: addresses.webUrl,
      checked_at: deps.clock(),
    },
  )
  await recordAudit(deps, tx, {
    organizationId: input.organizationId,
    actor: input.actor,
    action: 'connection.workspace_chosen',
    target: { kind: 'connection', id: input.connectionId },
    after: { workspace: workspace.slug },
  })
  await announce(tx, input.organizationId, [{ kind: 'connection', connection_id: input.connectionId }])
}
