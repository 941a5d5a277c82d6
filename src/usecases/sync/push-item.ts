import * as z from 'zod'
import type { Marker } from '../../domain/message-text.ts'
import { isWished } from '../../domain/sending/state-maps.ts'
import { isOpen } from '../../domain/status.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { getInstance } from '../../store/access/instance.ts'
import type { Db } from '../../store/db.ts'
import { lockVulnerabilities } from '../../store/security/vulnerabilities.ts'
import { updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { noteInPayload } from '../../store/sync/operations.ts'
import { queueStatePushes } from '../../store/sync/queue-state-pushes.ts'
import { findItemSource, findStatus } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import type { ItemTarget, TrackerItem } from '../../trackers/tracker.ts'
import { adoptItem, takeUp } from './adopt-item.ts'
import { composeContent, type ItemSource, readSending } from './compose-content.ts'
import { readInstance } from './instance.ts'
import { type Kept, keptOfNew } from './kept-fields.ts'
import { openTracker } from './open-tracker.ts'
import { endOperation, type Performing } from './performing.ts'
import { readStateMaps, wishOf } from './route-states.ts'
import type { SyncDeps } from './sync-deps.ts'

/** `targets`: every place an attempt may have left the item at, written down before it was tried. */
const payload = z.object({
  settings: z.unknown().optional(),
  targets: z.array(z.object({ key: z.string(), remote: z.unknown() })).default([]),
  /** It is there already: somebody linked the two. */
  adopts: z.boolean().default(false),
})

/** Makes the item of a defect, or finds the one an earlier attempt made: look, create, write the link, acknowledge. */
export async function pushItem(deps: SyncDeps, performing: Performing): Promise<void> {
  const { operation, defect, lost } = performing
  const organizationId = defect.organization_id
  const source = await findItemSource(deps.db, { organizationId, vulnerabilityId: defect.vulnerability_id })
  if (source === undefined) throw new AppError('not_found', 'The vulnerability of this item is not known any more.')
  const { settings, targets, adopts } = payload.parse(operation.payload)
  if (adopts) return adoptItem(deps, performing, source)
  if (defect.remote_id !== null) return finish(deps, performing, 'It was made by an earlier attempt.')
  if (!isOpen(source.status) && targets.length === 0) return dropUnsent(deps, performing, source.status)

  const { open } = await openTracker(deps, {
    place: defect,
    lane: operation.lane,
    settings,
    action: 'create_defect',
  })
  const marker: Marker = { instance: await readInstance(deps.db), kind: 'defect', id: defect.id }
  const { path, line, branch } = source
  const target = await beforeAnything(() =>
    open.chooseTarget({
      path,
      line,
      lineText: readLineText(source),
      branch,
      commitHash: source.commit_hash,
    }),
  )
  const tried = addTarget(targets, target)
  await noteInPayload(deps.db, { organizationId, id: operation.id }, { settings, targets: tried })
  const isFirst = operation.attempts === 1
  const look = () => open.findItem({ marker, targets: tried, again: !isFirst })
  // Nothing was sent before a first attempt: one that was lost is counted, and a restore counts one for all that waits.
  const known = isFirst && (await mayBeKnown(deps, source)) ? await beforeAnything(look) : undefined
  if (known !== undefined) return takeUp(deps, performing, { open, source, settings, item: known })
  const begun = isFirst ? undefined : await look()
  const content = composeContent(
    { source, vulnerabilityId: defect.vulnerability_id, publicUrl: deps.publicUrl },
    { organization: await readSending(deps.db, organizationId), routeSettings: settings },
  )
  lost.throwIfAborted()
  const item = await open.createItem({ target, content, marker, begun })
  const wished = open.fields?.wish(content)
  const kept = wished && keptOfNew(source, { wished, shown: item.shown })
  await deps.db.transaction().execute((tx) => recordItem(deps, tx, { ...performing, settings, item, kept }))
}

/** What stood in a backup may have got an item after it, of which the restored database does not know. */
async function mayBeKnown({ db }: SyncDeps, source: ItemSource): Promise<boolean> {
  const { restoredAt } = await getInstance(db)
  return restoredAt !== null && source.created_at <= restoredAt
}

/** The hour may have run out of requests while a place was looked for: nothing is made then, and nothing was tried. */
async function beforeAnything<Value>(look: () => Promise<Value>): Promise<Value> {
  try {
    return await look()
  } catch (error) {
    if (!isAppError(error, 'remote_rate_limited') || error.meta?.['remote_status'] !== undefined) throw error
    throw new AppError(error.code, error.detail, { cause: error, meta: { ...error.meta, untried: true } })
  }
}

/** The line as the newest finding has it; null when that one stands elsewhere, or came without its code. */
function readLineText(source: ItemSource): string | null {
  if (source.start_line !== source.line || source.finding_path !== source.path) return null
  const first = (source.snippet ?? '').replace(/^\s*\n/, '').split('\n')[0] ?? ''
  return first.trim() === '' ? null : first.trim()
}

type Made = Performing & { settings: unknown; item: TrackerItem; kept: Kept | undefined }

async function recordItem(deps: SyncDeps, tx: Db, { operation, defect, settings, item, kept }: Made): Promise<void> {
  const now = deps.clock()
  const organizationId = defect.organization_id
  const vulnerabilityId = defect.vulnerability_id
  const state = item.state === 'closed' ? ('closed' as const) : ('open' as const)
  await updateDefect(
    tx,
    { organizationId, id: defect.id, now },
    {
      remoteId: item.remoteId,
      remote: item.remote,
      url: item.url,
      link: 'ok',
      linkReason: null,
      agreed: { state, remote_state: item.remoteState },
      remoteVersion: item.version,
      ...(kept !== undefined && { kept }),
    },
  )
  const entry = {
    vulnerabilityId,
    kind: 'defect_created' as const,
    actor: { kind: 'system' as const, name: 'Weir' },
    after: { tracker: defect.tracker, url: item.url },
    defectId: defect.id,
  }
  await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
  await endOperation(deps, tx, { operation, now, state: 'done' })
  await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: vulnerabilityId }])
  const moved = await findStatus(tx, { organizationId, vulnerabilityId })
  const wish = moved === undefined ? null : wishOf(defect, moved.status, readStateMaps(settings))
  if (wish === null || isWished({ name: item.remoteState, state }, wish)) return
  const cause = { kind: 'system' as const, name: 'Weir' }
  await queueStatePushes(deps, tx, { organizationId, vulnerabilityIds: [vulnerabilityId], cause })
}

function addTarget(targets: readonly ItemTarget[], target: ItemTarget): ItemTarget[] {
  return [...targets.filter((known) => known.key !== target.key), target]
}

async function finish(deps: SyncDeps, { operation }: Performing, note: string): Promise<void> {
  await deps.db
    .transaction()
    .execute((tx) => endOperation(deps, tx, { operation, now: deps.clock(), state: 'done', note }))
}

/** It was fixed or decided before anything was sent: nobody needs to hear of it. */
async function dropUnsent(deps: SyncDeps, { operation, defect }: Performing, status: string): Promise<void> {
  const now = deps.clock()
  const note = `The vulnerability became ${status.replaceAll('_', ' ')} before it was sent.`
  const key = { organizationId: defect.organization_id, id: defect.id, now }
  await deps.db.transaction().execute(async (tx) => {
    // The vulnerability first, as everybody else: ending an item writes in its row.
    await lockVulnerabilities(tx, key.organizationId, [defect.vulnerability_id])
    await updateDefect(tx, key, { link: 'ended', linkReason: note, endedAt: now })
    await endOperation(deps, tx, { operation, now, state: 'cancelled', note })
  })
}
