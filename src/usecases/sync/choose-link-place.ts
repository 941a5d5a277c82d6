import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'
import { findLinkableRepository, listLinkable } from '../../store/remotes/linkable.ts'
import { listRoutesFor, listSendable, type Sendable } from '../../store/sync/sendable.ts'
import { refuseItem } from '../../trackers/refuse-item.ts'
import { hasIssueTracker } from './refuse-send.ts'
import { routeFor } from './route-for.ts'

/** Where an item that people name lives. `where`: the place as a sentence about it begins. */
export type LinkPlace = {
  tracker: 'jira' | 'bitbucket-issues'
  connectionId: string
  repositoryId: string | null
  containerId: string
  where: string
}

type Naming = { organizationId: string; vulnerabilityId: string; item: string }

/** `#12`, as people of Bitbucket write it; Jira's keys have letters. */
const issueNumber = /^#?\d+$/

/**
 * The place of an item by its address; a number alone is of the repository of the asset, a key alone of the site the route
 * leads to, or of the only one there is. Throws `not_found`, or `validation_failed` with what to do instead.
 */
export async function chooseLinkPlace(db: Db, naming: Naming): Promise<LinkPlace> {
  const { organizationId, vulnerabilityId, item } = naming
  const [row] = await listSendable(db, { organizationId, vulnerabilityIds: [vulnerabilityId] })
  if (row === undefined) throw new AppError('not_found', 'There is no such vulnerability.')
  const connections = await listLinkable(db, { organizationId })
  if (URL.canParse(item)) return placeOfUrl(db, { organizationId, url: new URL(item), connections })
  if (issueNumber.test(item)) return placeOfAsset(row)
  const sites = connections.filter(({ kind }) => kind === 'jira')
  const routes = await listRoutesFor(db, { organizationId, assetIds: [row.asset_id] })
  const route = routeFor(
    routes.filter((one) => one.tracker === 'jira'),
    { assetId: row.asset_id, branch: row.branch },
  )
  const [first, second] = sites
  const site = sites.find((one) => one.id === route?.connection_id) ?? (second === undefined ? first : undefined)
  if (site !== undefined) return placeOfSite(site)
  throw refuseItem(
    first === undefined
      ? 'no Jira is connected. Connect it on Integrations first, or name an issue of Bitbucket by its number, as in #12.'
      : 'several sites are connected. Paste the address of the issue instead of its key.',
  )
}

type Addressed = { organizationId: string; url: URL; connections: readonly ConnectionRow[] }

async function placeOfUrl(db: Db, { organizationId, url, connections }: Addressed): Promise<LinkPlace> {
  const there = connections.filter((one) => one.web_url === url.origin)
  const site = there.find(({ kind }) => kind === 'jira')
  if (site !== undefined) return placeOfSite(site)
  if (there.length === 0) {
    const hosts = [...new Set(connections.map((one) => new URL(one.web_url).host))]
    throw refuseItem(
      `${url.host} is not connected. ${hosts.length === 0 ? 'Connect Jira or Bitbucket on Integrations first.' : `Connected is ${hosts.join(', ')}.`}`,
    )
  }
  const [workspaceSlug = '', slug = '', part] = url.pathname.split('/').slice(1)
  if (part === 'pull-requests' || part === 'commits')
    throw refuseItem(
      'a discussion cannot be linked, only an issue: Weir begins its own thread in the pull request or on the commit. Send the vulnerability instead.',
    )
  const connectionIds = there.map(({ id }) => id)
  const name = { workspaceSlug: workspaceSlug.toLowerCase(), slug: slug.toLowerCase() }
  const repository = await findLinkableRepository(db, { organizationId, connectionIds, ...name })
  if (repository === undefined)
    throw refuseItem(
      `${workspaceSlug}/${slug} is no repository of an asset. Choose it on the page of its connection first, so that Weir hears of what happens there.`,
    )
  return placeOfRepository(repository)
}

function placeOfSite(site: ConnectionRow): LinkPlace {
  if (site.workspace_uuid === null) throw new AppError('conflict', 'Choose the site of this connection first.')
  return {
    tracker: 'jira',
    connectionId: site.id,
    repositoryId: null,
    containerId: site.workspace_uuid,
    where: site.workspace_slug ?? site.name,
  }
}

async function placeOfAsset(row: Sendable): Promise<LinkPlace> {
  const { repository_id: id, connection_id, connection_state, remote_uuid } = row
  if (id === null || connection_id === null || remote_uuid === null || connection_state === 'disconnected')
    throw refuseItem(
      `the asset ${row.asset_name} has no connected repository, so a number names no issue. Paste the address of the issue.`,
    )
  const names = { has_issues: row.has_issues, host_has_issues: row.host_has_issues }
  return placeOfRepository({ id, connection_id, remote_uuid, name: `The repository of ${row.asset_name}`, ...names })
}

type Linkable = Pick<Sendable, 'has_issues' | 'host_has_issues'> & {
  id: string
  connection_id: string
  remote_uuid: string
  name: string
}

function placeOfRepository(repository: Linkable): LinkPlace {
  if (!hasIssueTracker(repository))
    throw refuseItem(
      `${repository.name} has no issue tracker, and a discussion cannot be linked. Name an issue of Jira, or send the vulnerability.`,
    )
  return {
    tracker: 'bitbucket-issues',
    connectionId: repository.connection_id,
    repositoryId: repository.id,
    containerId: repository.remote_uuid,
    where: repository.name,
  }
}
