import * as z from 'zod'
import type { ItemContent } from '../../domain/item-text.ts'
import type { Marker } from '../../domain/message-text.ts'
import { isOpen } from '../../domain/status.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { noteInPayload } from '../../store/sync/operations.ts'
import { queueStatePushes } from '../../store/sync/queue-state-pushes.ts'
import { findItemSource, findStatus } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import type { ItemTarget, Tracker, TrackerItem } from '../../trackers/tracker.ts'
import { readInstance } from './instance.ts'
import { openTracker } from './open-tracker.ts'
import { endOperation, type Performing } from './performing.ts'
import type { SyncDeps } from './sync-deps.ts'

/** `targets`: every place an attempt may have left the item at, written down before it was tried. */
const payload = z.object({
  settings: z.unknown().optional(),
  targets: z.array(z.object({ key: z.string(), remote: z.unknown() })).default([]),
})

/** Makes the item of a defect, or finds the one an earlier attempt made: look, create, write the link, acknowledge. */
export async function pushItem(deps: SyncDeps, performing: Performing): Promise<void> {
  const { operation, defect, lost } = performing
  const organizationId = defect.organization_id
  const source = await findItemSource(deps.db, { organizationId, vulnerabilityId: defect.vulnerability_id })
  if (source === undefined) throw new AppError('not_found', 'The vulnerability of this item is not known any more.')
  if (defect.remote_id !== null) return finish(deps, performing, 'It was made by an earlier attempt.')
  const { settings, targets } = payload.parse(operation.payload)
  if (!isOpen(source.status) && targets.length === 0) return dropUnsent(deps, performing, source.status)

  const { tracker, open } = await openTracker(deps, { place: defect, lane: operation.lane, settings })
  const marker: Marker = { instance: await readInstance(deps.db), kind: 'defect', id: defect.id }
  const { path, line, branch } = source
  const target = await open.chooseTarget({
    path,
    line,
    lineText: readLineText(source),
    branch,
    commitHash: source.commit_hash,
  })
  const tried = addTarget(targets, target)
  await noteInPayload(deps.db, { organizationId, id: operation.id }, { settings, targets: tried })
  const begun = await open.findItem({ marker, targets: tried })
  const content: ItemContent = {
    number: source.number,
    title: source.title,
    severity: source.severity,
    scanner: source.scanner,
    ruleId: source.rule_id,
    isByHand: source.source === 'person',
    path,
    line,
    branch,
    why: source.message ?? source.description,
    helpUrl: source.help_uri,
    url: `${deps.publicUrl}/vulnerabilities/${defect.vulnerability_id}`,
  }
  lost.throwIfAborted()
  const item = await open.createItem({ target, content, marker, begun })
  await deps.db.transaction().execute((tx) => recordItem(deps, tx, { ...performing, tracker, item }))
}

type ItemSource = NonNullable<Awaited<ReturnType<typeof findItemSource>>>

/** The line as the newest finding has it; null when that one stands elsewhere, or came without its code. */
function readLineText(source: ItemSource): string | null {
  if (source.start_line !== source.line || source.finding_path !== source.path) return null
  const first = (source.snippet ?? '').replace(/^\s*\n/, '').split('\n')[0] ?? ''
  return first.trim() === '' ? null : first.trim()
}

type Made = Performing & { tracker: Tracker; item: TrackerItem }

async function recordItem(deps: SyncDeps, tx: Db, { operation, defect, tracker, item }: Made): Promise<void> {
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
  const wanted = moved === undefined ? null : tracker.wantedState(moved.status)
  if (wanted === null || wanted === state) return
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
    await updateDefect(tx, key, { link: 'ended', linkReason: note, endedAt: now })
    await endOperation(deps, tx, { operation, now, state: 'cancelled', note })
  })
}
