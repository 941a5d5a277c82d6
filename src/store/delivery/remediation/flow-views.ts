import { type Selectable, sql } from 'kysely'
import type { PullRequestState } from '../../../domain/delivery/pull-request-facts.ts'
import type { LinkRule } from '../../../domain/delivery/remediation/choose-links.ts'
import type { PlaceState, UnknownPlaceReason } from '../../../domain/delivery/remediation/place-states.ts'
import type { Db } from '../../db.ts'
import type { VulnerabilityFiguresTable } from '../../schema.gen.ts'
import { selectRemovals } from './removed-places.ts'

type Key = { organizationId: string; id: string }

export type FlowView = {
  openedAt: Date
  dueAt: Date | null
  fixedAt: Date | null
  sentAt: Date | null
  /** Of where it was fixed, as the metrics have it; of where it was found until it is. */
  isDeploymentKnown: boolean
  figures: Selectable<VulnerabilityFiguresTable> | undefined
}

/** What is told of a vulnerability's way; undefined where there is no such vulnerability. */
export async function findFlow(db: Db, { organizationId, id }: Key): Promise<FlowView | undefined> {
  const found = await sql<Omit<FlowView, 'figures'>>`
    select v.opened_at as "openedAt", v.due_at as "dueAt", v.fixed_at as "fixedAt",
      (select min(d.created_at) from defect d
        where d.organization_id = v.organization_id and d.vulnerability_id = v.id) as "sentAt",
      exists (select from asset a
        left join vulnerability_figures f on f.organization_id = v.organization_id and f.vulnerability_id = v.id
        left join pull_request p on p.organization_id = f.organization_id and p.id = f.last_pull_request_id
        join deployment_figures d on d.organization_id = a.organization_id
          and d.repository_id = coalesce(p.repository_id, a.repository_id) and d.outcome = 'successful'
        where a.organization_id = v.organization_id and a.id = v.asset_id) as "isDeploymentKnown"
    from vulnerability v where v.organization_id = ${organizationId}::uuid and v.id = ${id}::uuid`.execute(db)
  const [row] = found.rows
  if (row === undefined) return undefined
  const figures = await db
    .selectFrom('vulnerability_figures')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('vulnerability_id', '=', id)
    .executeTakeFirst()
  return { ...row, figures }
}

export type PlaceView = {
  path: string
  line: number
  state: PlaceState
  reason: UnknownPlaceReason | null
  seenIn: string | null
  goneIn: string | null
  removedIn: string | null
  removedPath: string | null
  removedLine: number | null
  /** `workspace/repository#number` of the pull request that took it away. */
  pullRequest: string | null
}

/** What became of the places of a vulnerability that a scan found fixed; those first of which it is known. */
export async function listPlaces(db: Db, { organizationId, id }: Key): Promise<PlaceView[]> {
  // Several findings of one line are told once.
  const found = await sql<PlaceView>`
    select distinct r.removed_in is null as "isOpen", r.path, r.line, r.state, r.reason, r.seen_in as "seenIn", r.gone_in as "goneIn", r.removed_in as "removedIn",
      r.removed_path as "removedPath", r.removed_line as "removedLine",
      o.workspace_slug || '/' || o.slug || '#' || p.remote_id as "pullRequest"
    from removed_place r
    left join (${selectRemovals({ organizationId, ids: [id] })}) g on g.vulnerability_id = r.vulnerability_id
      and g.finding_id = r.finding_id
    left join pull_request p on p.organization_id = r.organization_id and p.id = g.pull_request_id
    left join repository o on o.organization_id = r.organization_id and o.id = p.repository_id
    where r.organization_id = ${organizationId}::uuid and r.vulnerability_id = ${id}::uuid
    order by 1, r.path, r.line, r.state`.execute(db)
  return found.rows
}

export type RemediationView = {
  id: string
  pullRequest: string
  repositoryId: string
  repositoryName: string
  number: number
  title: string
  webUrl: string
  state: PullRequestState
  openedAt: Date
  mergedAt: Date | null
  deployedAt: Date | null
  rules: LinkRule[]
  isLinked: boolean | null
  memberName: string | null
  decidedAt: Date | null
}

/** Pull requests that are linked, and those that somebody said are not; oldest first. */
export async function listRemediations(db: Db, { organizationId, id }: Key): Promise<RemediationView[]> {
  const found = await sql<RemediationView>`
    with decision as (
      select distinct on (pull_request_id) pull_request_id, is_linked, member_name, at from remediation_decision
      where organization_id = ${organizationId}::uuid and vulnerability_id = ${id}::uuid
      order by pull_request_id, at desc, id desc
    ), link as (
      select pull_request_id, rules from remediation_link
      where organization_id = ${organizationId}::uuid and vulnerability_id = ${id}::uuid
    )
    select p.id, r.workspace_slug || '/' || r.slug || '#' || p.remote_id as "pullRequest", p.repository_id as "repositoryId",
      r.name as "repositoryName", p.remote_id as number, p.title, p.web_url as "webUrl", p.state,
      p.opened_at as "openedAt", p.merged_at as "mergedAt", c.deployed_at as "deployedAt",
      coalesce(link.rules, '{}') as rules, d.is_linked as "isLinked", d.member_name as "memberName", d.at as "decidedAt"
    from link full join decision d on d.pull_request_id = link.pull_request_id
    join pull_request p on p.organization_id = ${organizationId}::uuid and p.id = coalesce(link.pull_request_id, d.pull_request_id)
    join repository r on r.organization_id = p.organization_id and r.id = p.repository_id
    left join deployment_change c on c.organization_id = p.organization_id and c.pull_request_id = p.id
    where link.pull_request_id is not null or d.is_linked is not null
    order by p.opened_at, p.id`.execute(db)
  return found.rows
}
