import type { Defect } from '../../../contract/sync/defects.ts'
import type { Marker } from '../../domain/message-text.ts'
import { isOpen } from '../../domain/status.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { lockVulnerabilities } from '../../store/security/vulnerabilities.ts'
import {
  type DefectRow,
  findDefect,
  findDefectByRemoteId,
  findUnlinkedDefect,
  insertDefects,
  listLiveDefects,
  updateDefect,
} from '../../store/sync/defects.ts'
import { isItemHeldElsewhere } from '../../store/sync/item-holders.ts'
import { announce } from '../../store/sync/live-events.ts'
import { insertOperations } from '../../store/sync/operations.ts'
import { findStatus, listSendable } from '../../store/sync/sendable.ts'
import { refuseItem } from '../../trackers/refuse-item.ts'
import type { TrackerItem } from '../../trackers/tracker.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { chooseLinkPlace, type LinkPlace } from './choose-link-place.ts'
import { readInstance } from './instance.ts'
import { toDefectView } from './list-defects.ts'
import { openTracker, type TrackerDeps } from './open-tracker.ts'
import type { WriteDeps } from './sync-deps.ts'

type Deps = WriteDeps & TrackerDeps

export type LinkItemInput = {
  organizationId: string
  vulnerabilityId: string
  actor: AuditActor
  /** Key, number or address of the item. */
  item: string
}

/**
 * Links a vulnerability to an item that people made: from then on it is its item, as if Weir had made it. Its comments and
 * its state are taken in by a worker. Throws `not_found`, `validation_failed` for what names no item, and `conflict` with
 * the reason why it cannot be this one.
 */
export async function linkItem(deps: Deps, input: LinkItemInput): Promise<Defect> {
  const { organizationId } = input
  const place = await chooseLinkPlace(deps.db, input)
  const { tracker, connectionId: connection_id, repositoryId: repository_id } = place
  const { open } = await openTracker(deps, {
    place: { organization_id: organizationId, tracker, connection_id, repository_id },
    lane: 'person',
  })
  const found = await open.links?.find(input.item)
  if (found === undefined || found.kind === 'deleted')
    throw refuseItem(
      `${place.where} shows our account no such issue. Look at ${tracker === 'jira' ? 'its key, or give the account access to its project' : 'its number'}.`,
    )
  await refuseMarked(deps.db, { organizationId, marker: found.value.marker })
  const defectId = await deps.db.transaction().execute((tx) => link(deps, tx, { input, place, item: found.value.item }))
  const defect = await findDefect(deps.db, { organizationId, id: defectId })
  if (defect === undefined) throw new AppError('not_found', 'There is no such defect.')
  return toDefectView(deps.db, defect)
}

/** An item that says it is ours is, unless its row is lost: then it is taken again. */
async function refuseMarked(
  db: Db,
  { organizationId, marker }: { organizationId: string; marker: Marker | undefined },
): Promise<void> {
  if (marker === undefined) return
  if (marker.instance !== (await readInstance(db)))
    throw new AppError('conflict', 'Another Weir keeps this issue. Part it from its vulnerability there first.')
  const holder = await findDefect(db, { organizationId, id: marker.id })
  if (holder !== undefined && holder.ended_at === null) await refuseHeld(db, holder)
}

async function refuseHeld(db: Db, holder: DefectRow): Promise<never> {
  const organizationId = holder.organization_id
  const row = await findStatus(db, { organizationId, vulnerabilityId: holder.vulnerability_id })
  const name = row === undefined ? 'Another vulnerability' : `#${row.number} ${row.title}`
  throw new AppError('conflict', `${name} has this issue already. Part the two first.`)
}

type Linking = { input: LinkItemInput; place: LinkPlace; item: TrackerItem }

async function link(deps: Deps, tx: Db, { input, place, item }: Linking): Promise<string> {
  const { organizationId, vulnerabilityId, actor } = input
  const { where: _, ...at } = place
  const { tracker, containerId, connectionId } = at
  const now = deps.clock()
  const locked = await lockVulnerabilities(tx, organizationId, [vulnerabilityId])
  await refuseVulnerability(tx, { organizationId, vulnerabilityId, tracker, now })
  if (!locked.has(vulnerabilityId)) throw new AppError('not_found', 'There is no such vulnerability.')
  const holder = await findDefectByRemoteId(tx, { organizationId, tracker, containerId, remoteId: item.remoteId })
  if (holder !== undefined) await refuseHeld(tx, holder)
  const both = { organizationId, vulnerabilityId, tracker, containerId, remoteId: item.remoteId }
  // Whose it is stays with them: nobody here is to learn of another organization.
  if (await isItemHeldElsewhere(tx, both))
    throw new AppError('conflict', 'This issue is linked to another vulnerability already.')
  const former = await findUnlinkedDefect(tx, both)
  const id = former?.id ?? deps.newId()
  if (former === undefined) await insertDefects(tx, [{ organizationId, id, vulnerabilityId, ...at, now }])
  // Nothing is agreed yet but that a vulnerability asks for work: a closed issue is a developer's done.
  await updateDefect(
    tx,
    { organizationId, id, now },
    {
      remoteId: item.remoteId,
      remote: item.remote,
      url: item.url,
      link: 'pending',
      linkReason: null,
      agreed: { state: 'open' },
      kept: {},
      endedAt: null,
      unlinkedAt: null,
    },
  )
  await queueAdoption(deps, tx, { organizationId, vulnerabilityId, defectId: id, connectionId, now })
  const after = { tracker, url: item.url }
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'defect.linked',
    target: { kind: 'vulnerability', id: vulnerabilityId },
    after,
  })
  return id
}

type Refusing = { organizationId: string; vulnerabilityId: string; now: Date }

async function refuseVulnerability(
  tx: Db,
  { organizationId, vulnerabilityId, tracker, now }: Refusing & { tracker: string },
): Promise<void> {
  const [row] = await listSendable(tx, { organizationId, vulnerabilityIds: [vulnerabilityId] })
  if (row?.merged_into !== null)
    throw new AppError('conflict', 'It was merged into another vulnerability: link that one.')
  if (!isOpen(row.status))
    throw new AppError('conflict', `It is ${row.status.replaceAll('_', ' ')}: only open vulnerabilities are linked.`)
  const live = await listLiveDefects(tx, { organizationId, vulnerabilityIds: [vulnerabilityId] })
  for (const defect of live.filter((one) => one.tracker === tracker)) {
    if (defect.link !== 'missing') throw new AppError('conflict', 'It has an issue already: part the two first.')
    await updateDefect(tx, { organizationId, id: defect.id, now }, { link: 'ended', endedAt: now })
  }
}

type Adoption = Refusing & { defectId: string; connectionId: string }

async function queueAdoption(deps: Deps, tx: Db, adoption: Adoption): Promise<void> {
  const { organizationId, vulnerabilityId, defectId, connectionId, now } = adoption
  const id = deps.newId()
  const operation = { organizationId, id, kind: 'create_defect' as const, key: `adopt:${id}`, lane: 'person' as const }
  const payload = { settings: {}, targets: [], adopts: true }
  await insertOperations(tx, [{ ...operation, vulnerabilityId, defectId, messageId: null, connectionId, payload, now }])
  await deps.enqueue(tx, [{ name: 'push-defect', data: { organizationId, defectId }, lane: 'person' }])
  await announce(tx, organizationId, [
    { kind: 'vulnerability', vulnerability_id: vulnerabilityId },
    { kind: 'delivery' },
  ])
}
