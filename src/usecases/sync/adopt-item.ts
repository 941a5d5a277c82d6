import type { Marker } from '../../domain/message-text.ts'
import { lockVulnerabilities } from '../../store/security/vulnerabilities.ts'
import { type DefectRow, findDefect, updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import type { OpenTracker, TrackerItem } from '../../trackers/tracker.ts'
import { composeContent, type ItemSource, readSending } from './compose-content.ts'
import { readInstance } from './instance.ts'
import { type Kept, keptOfNew } from './kept-fields.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { endOperation, type Performing } from './performing.ts'
import { readRouteSettings } from './read-route-settings.ts'
import { receiveItem } from './receive-item.ts'
import { recordComment } from './record-comment.ts'
import { remoteTitle } from './remote-title.ts'
import type { SyncDeps } from './sync-deps.ts'

/** Before anything was ever written in a tracker. */
const beginning = new Date(0)

/**
 * Makes an item that people made the item of a defect: our mark on it, what was said on it into the thread, and the
 * states agreed. Doing it again does nothing. Needs the defect's lock.
 */
export async function adoptItem(deps: SyncDeps, performing: Performing, source: ItemSource): Promise<void> {
  const { operation, defect, lost } = performing
  if (defect.ended_at !== null) return end(deps, performing, 'The two were parted again before.')
  const settings = await readRouteSettings(deps.db, defect)
  const { lane } = operation
  const { open } = await openTracker(deps, { place: defect, lane, settings, action: 'create_defect' })
  const marker: Marker = { instance: await readInstance(deps.db), kind: 'defect', id: defect.id }
  lost.throwIfAborted()
  const marked = await open.links?.mark({ item: itemRef(defect), marker })
  if (marked === undefined || marked.kind === 'deleted') return giveUp(deps, performing)
  await takeUp(deps, performing, { source, settings, open, item: marked.value })
}

type Taking = { source: ItemSource; settings: unknown; open: OpenTracker; item: TrackerItem }

/** Makes an item with our mark on it, of which nothing is known here, the item of a defect: its conversation, its state. */
export async function takeUp(deps: SyncDeps, performing: Performing, taking: Taking): Promise<void> {
  const { defect } = performing
  const { open, item } = taking
  const organizationId = defect.organization_id
  await updateDefect(
    deps.db,
    { organizationId, id: defect.id, now: deps.clock() },
    {
      link: 'ok',
      linkReason: null,
      remoteId: item.remoteId,
      url: item.url,
      remote: item.remote,
      remoteVersion: item.version,
      // That a vulnerability asks for work: a closed item is a developer's done.
      ...(defect.remote_id === null && { agreed: { state: 'open' } }),
      ...(await keepFields(deps, { ...taking, defect })),
    },
  )
  const linked = (await findDefect(deps.db, { organizationId, id: defect.id })) ?? defect
  const taken = await takeComments(deps, { defect: linked, open })
  await receiveItem(deps, {
    defect: linked,
    item: { kind: 'found', value: item },
    actor: { kind: 'remote', accountUuid: null, name: remoteTitle(defect) },
    isCertain: false,
  })
  await conclude(deps, performing, { item, taken })
}

type Keeping = Taking & { defect: DefectRow }

/** What people gave it stays; from now on what changes here is told there. */
async function keepFields(deps: SyncDeps, { defect, source, settings, open, item }: Keeping): Promise<{ kept?: Kept }> {
  const content = composeContent(
    { source, vulnerabilityId: defect.vulnerability_id, publicUrl: deps.publicUrl },
    { organization: await readSending(deps.db, defect.organization_id), routeSettings: settings },
  )
  const wished = open.fields?.wish(content)
  return wished === undefined ? {} : { kept: keptOfNew(source, { wished, shown: item.shown }) }
}

/** What was said before the two were linked is there to be read: it calls nobody, and is obeyed by nobody. */
async function takeComments(
  deps: SyncDeps,
  { defect, open }: { defect: DefectRow; open: OpenTracker },
): Promise<number> {
  const instance = await readInstance(deps.db)
  let taken = 0
  for (const change of await open.listChanges({ items: [itemRef(defect)], since: beginning, full: true })) {
    if (change.kind !== 'comment') continue
    const { commentId, comment } = change
    const seen = { defect, commentId, comment, instance, isPast: true }
    const { changed } = await deps.db.transaction().execute((tx) => recordComment(deps, tx, seen))
    if (changed) taken += 1
  }
  return taken
}

async function conclude(
  deps: SyncDeps,
  { operation, defect }: Performing,
  { item, taken }: { item: TrackerItem; taken: number },
): Promise<void> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const now = deps.clock()
  const entry = {
    vulnerabilityId,
    kind: 'defect_linked' as const,
    actor: { kind: 'system' as const, name: 'Weir' },
    after: { tracker: defect.tracker, url: item.url, messages: taken },
    defectId: defect.id,
  }
  await deps.db.transaction().execute(async (tx) => {
    await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
    await endOperation(deps, tx, { operation, now, state: 'done' })
    await announce(tx, organizationId, [
      { kind: 'vulnerability', vulnerability_id: vulnerabilityId },
      { kind: 'message', vulnerability_id: vulnerabilityId },
    ])
  })
}

async function end(deps: SyncDeps, { operation }: Performing, note: string): Promise<void> {
  const ending = { operation, now: deps.clock(), state: 'cancelled' as const, note }
  await deps.db.transaction().execute((tx) => endOperation(deps, tx, ending))
}

/** It was deleted between the choice and now. */
async function giveUp(deps: SyncDeps, { operation, defect }: Performing): Promise<void> {
  const now = deps.clock()
  const organizationId = defect.organization_id
  const note = `It was deleted in ${remoteTitle(defect)} before it was linked.`
  await deps.db.transaction().execute(async (tx) => {
    await lockVulnerabilities(tx, organizationId, [defect.vulnerability_id])
    const change = { link: 'ended' as const, linkReason: note, endedAt: now, unlinkedAt: now }
    await updateDefect(tx, { organizationId, id: defect.id, now }, change)
    await endOperation(deps, tx, { operation, now, state: 'cancelled', note })
    await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: defect.vulnerability_id }])
  })
}
