import type { PublicLink } from '../../../../contract/delivery/public-links.ts'
import { isTimeZone } from '../../../domain/sla/local-days.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import { isMetricGroup, type MetricGroup } from '../../../metrics/metric.ts'
import type { Db } from '../../../store/db.ts'
import { listKnownRepositoryIds } from '../../../store/delivery/filter-repositories.ts'
import {
  arePublicLinksOn,
  countPublicLinks,
  insertPublicLink,
  listPublicLinkRows,
  mostPublicLinks,
  type PublicLinkRow,
  recordPublicLinkRevoked,
  writePublicLinkSettings,
} from '../../../store/delivery/public-links.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { hashSecret } from '../../access/secret-hash.ts'
import { checkLength, readTeams } from '../metric-scope.ts'
import { makeLinkToken } from './link-token.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Asked = { organizationId: string; actor: AuditActor }

/** What a link shows, as an administrator chose it. */
export type PublicView = Pick<
  PublicLink,
  | 'name'
  | 'group'
  | 'days'
  | 'from'
  | 'to'
  | 'repository_ids'
  | 'branches'
  | 'team_ids'
  | 'labels'
  | 'hours'
  | 'time_zone'
  | 'shows_titles'
>

const defaultDays = 90
const dayMs = 24 * 3600_000

export async function listPublicLinks(
  { db }: Pick<Deps, 'db'>,
  { organizationId }: { organizationId: string },
): Promise<{ is_on: boolean; items: PublicLink[] }> {
  const rows = await listPublicLinkRows(db, organizationId)
  return { is_on: await arePublicLinksOn(db, organizationId), items: rows.map(toLink) }
}

/** Off, no link answers; those that are there answer again when it is turned on. */
export async function updatePublicLinkSettings(
  deps: Deps,
  { organizationId, actor, isOn }: Asked & { isOn: boolean },
): Promise<{ is_on: boolean }> {
  await deps.db.transaction().execute(async (tx) => {
    const wasOn = await arePublicLinksOn(tx, organizationId)
    if (wasOn === isOn) return
    await writePublicLinkSettings(tx, { organizationId, isOn, now: deps.clock() })
    const target = { kind: 'organization', id: organizationId }
    const change = { before: { is_on: wasOn }, after: { is_on: isOn } }
    await recordAudit(deps, tx, { organizationId, actor, action: 'public_links.changed', target, ...change })
  })
  return { is_on: isOn }
}

/**
 * `url` is answered here and kept nowhere: the database holds the SHA-256 of its token, which stands behind `#`, where no
 * server and no log sees it. Throws `conflict` while links are off, `validation_failed` for a view that cannot be.
 */
export async function createPublicLink(
  deps: Deps & { settings: { readonly publicUrl: string } },
  { organizationId, actor, view, expiresInDays = defaultDays }: Asked & { view: PublicView; expiresInDays?: number },
): Promise<{ link: PublicLink; url: string }> {
  await requireView(deps.db, { organizationId, view })
  const now = deps.clock()
  const id = deps.newId()
  const token = makeLinkToken({ organizationId, id })
  const row = {
    organization_id: organizationId,
    id,
    name: view.name,
    token_hash: hashSecret(token),
    metric_group: view.group,
    days: view.days,
    from_at: view.from === null ? null : new Date(view.from),
    to_at: view.to === null ? null : new Date(view.to),
    repository_ids: [...new Set(view.repository_ids)],
    branches: [...new Set(view.branches)],
    team_ids: [...new Set(view.team_ids)],
    labels: [...new Set(view.labels)],
    hours: view.hours,
    time_zone: view.time_zone,
    shows_titles: view.shows_titles,
    created_by: actor.name,
    created_at: now,
    expires_at: new Date(now.getTime() + expiresInDays * dayMs),
  }
  await deps.db.transaction().execute(async (tx) => {
    if (!(await arePublicLinksOn(tx, organizationId)))
      throw new AppError('conflict', 'Public links are off. Turn them on first.')
    if ((await countPublicLinks(tx, organizationId)) >= mostPublicLinks)
      throw new AppError('conflict', `There are ${mostPublicLinks} links. Revoke those nobody needs any more.`)
    await insertPublicLink(tx, row)
    const after = { name: view.name, group: view.group, shows_titles: view.shows_titles, expires_at: row.expires_at }
    const target = { kind: 'public_link', id }
    await recordAudit(deps, tx, { organizationId, actor, action: 'public_link.created', target, after })
  })
  const link = toLink({ ...row, revoked_at: null, last_opened_at: null })
  return { link, url: `${deps.settings.publicUrl}/shared#token=${token}` }
}

/** Throws `not_found` for a link that is not here or ended before. */
export async function revokePublicLink(
  deps: Deps,
  { organizationId, actor, id }: Asked & { id: string },
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const name = await recordPublicLinkRevoked(tx, { organizationId, id }, deps.clock())
    if (name === undefined) throw new AppError('not_found', 'There is no link with this id that could end.')
    const target = { kind: 'public_link', id }
    await recordAudit(deps, tx, { organizationId, actor, action: 'public_link.revoked', target, before: { name } })
  })
}

async function requireView(db: Db, { organizationId, view }: { organizationId: string; view: PublicView }) {
  const { days, from, to } = view
  if (!isTimeZone(view.time_zone))
    throw new AppError('validation_failed', 'time_zone: zones have names such as Europe/Berlin.')
  if ((days === null) === (from === null) || (from === null) !== (to === null))
    throw new AppError('validation_failed', 'days: give either a number of days, or from and to.')
  if (from !== null && to !== null && new Date(from) >= new Date(to))
    throw new AppError('validation_failed', 'from: it has to lie before `to`.')
  if (from !== null && to !== null) checkLength({ from: new Date(from), to: new Date(to) })
  const known = new Set(await listKnownRepositoryIds(db, { organizationId, ids: view.repository_ids }))
  const strange = view.repository_ids.find((id) => !known.has(id))
  if (strange !== undefined) throw new AppError('validation_failed', `repository: there is no ${strange} here.`)
  await readTeams(db, { organizationId, team: view.team_ids })
}

function toLink(row: Omit<PublicLinkRow, 'token_hash'>): PublicLink {
  return {
    id: row.id,
    name: row.name,
    group: groupOf(row),
    days: row.days,
    from: row.from_at?.toISOString() ?? null,
    to: row.to_at?.toISOString() ?? null,
    repository_ids: row.repository_ids,
    branches: row.branches,
    team_ids: row.team_ids,
    labels: row.labels,
    hours: row.hours === 'business' ? 'business' : 'all',
    time_zone: row.time_zone,
    shows_titles: row.shows_titles,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_opened_at: row.last_opened_at?.toISOString() ?? null,
  }
}

/** The database may be older than the list of groups. What is known of vulnerabilities is never shown. */
export function groupOf({
  metric_group: group,
}: Pick<PublicLinkRow, 'metric_group'>): Exclude<MetricGroup, 'security'> {
  return isMetricGroup(group) && group !== 'security' ? group : 'dora'
}
