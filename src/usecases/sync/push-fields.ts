import {
  type FieldChange,
  type FieldConflict,
  type ItemFields,
  isEmptyChange,
  keepRefused,
  mergeFields,
  type RefusedFields,
  wishesMore,
  wishRefusedAgain,
} from '../../domain/item-fields.ts'
import type { Db } from '../../store/db.ts'
import { type DefectRow, updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { findItemSource } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import type { Fetched } from '../../trackers/tracker.ts'
import { composeContent, readSending } from './compose-content.ts'
import { type Kept, keptOf, parseKept } from './kept-fields.ts'
import { markMissing } from './mark-missing.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { endOperation, type Performing } from './performing.ts'
import { readRouteSettings } from './read-route-settings.ts'
import { receiveItem } from './receive-item.ts'
import { remoteTitle } from './remote-title.ts'
import type { SyncDeps } from './sync-deps.ts'

/** Brings title, priority, due date and labels of an item to what became of its vulnerability, as far as they are ours. */
export async function pushFields(deps: SyncDeps, { operation, defect }: Performing): Promise<void> {
  const organizationId = defect.organization_id
  const end = (note: string, state: 'done' | 'cancelled' = 'done') =>
    deps.db.transaction().execute((tx) => endOperation(deps, tx, { operation, now: deps.clock(), state, note }))
  const kept = readKept(defect)
  if (defect.ended_at !== null || defect.link !== 'ok') return end('The item is not there to be changed.', 'cancelled')
  const source = await findItemSource(deps.db, { organizationId, vulnerabilityId: defect.vulnerability_id })
  if (kept === undefined || source === undefined) return end('Nothing of the item is kept in step.', 'cancelled')
  const routeSettings = await readRouteSettings(deps.db, defect)
  const content = composeContent(
    { source, vulnerabilityId: defect.vulnerability_id, publicUrl: deps.publicUrl },
    { organization: await readSending(deps.db, organizationId), routeSettings },
  )
  const { open } = await openTracker(deps, {
    place: defect,
    lane: operation.lane,
    settings: routeSettings,
    action: 'push_fields',
  })
  const wished = open.fields?.wish(content)
  const of = keptOf(source)
  const key = { organizationId, id: defect.id, now: deps.clock() }
  if (open.fields === null || wished === undefined || !wishesMore(wished, kept.sent)) {
    await updateDefect(deps.db, key, { kept: { ...kept, of } })
    return end(wished === undefined ? 'No route leads to this tracker any more.' : 'The item shows that already.')
  }
  const now = await open.fetchItem(itemRef(defect))
  if (now.kind === 'deleted') return gone(deps, { operation, defect })
  // What people changed there meanwhile is taken in first, as if a webhook had told it.
  const actor = { kind: 'remote' as const, accountUuid: null, name: remoteTitle(defect) }
  await receiveItem(deps, { defect, item: now, actor, isCertain: false })
  const merge = mergeFields(wished, kept, now.value.shown ?? kept.seen)
  const pushed: Fetched<RefusedFields> = isEmptyChange(merge.change)
    ? { kind: 'found', value: {} }
    : await open.fields.push({ item: itemRef(defect), change: merge.change })
  if (pushed.kind === 'deleted') return gone(deps, { operation, defect })
  await deps.db.transaction().execute(async (tx) => {
    // What is pushed is told by nobody else.
    const isPriorityTaken = pushed.value.priority === undefined
    const shows = (isPriorityTaken ? merge.change.priority : undefined) ?? now.value.shown?.priority ?? undefined
    const after = keepRefused(merge.kept, pushed.value, now.value.shown ?? kept.seen)
    const tried = { change: merge.change, wished, shown: now.value.shown ?? kept.seen, now: pushed.value }
    const refused = stillRefused(kept.refused ?? {}, tried)
    await updateDefect(tx, key, { kept: { of, ...after, refused, ...(shows !== undefined && { told: shows }) } })
    await recordConflicts(deps, tx, { defect, conflicts: merge.conflicts })
    await endOperation(deps, tx, { operation, now: deps.clock(), state: 'done' })
  })
}

/** After a change of the route what was refused is wished for again. */
function readKept({ kept: stored }: DefectRow): Kept | undefined {
  const kept = parseKept(stored)
  if (kept?.refused === undefined || kept.isRefusalOld !== true) return kept
  return { ...kept, ...wishRefusedAgain(kept, kept.refused), refused: undefined }
}

type Tried = { change: FieldChange; wished: ItemFields; shown: ItemFields; now: RefusedFields }

/** What was refused before, was not tried now and is not there by now still is refused. */
function stillRefused(before: RefusedFields, { change, wished, shown, now }: Tried): RefusedFields {
  const tried = new Set(Object.keys(change).map((name) => (name.endsWith('Labels') ? 'labels' : name)))
  const kept = Object.entries(before).filter(
    ([name]) => !tried.has(name) && JSON.stringify(pick(wished, name)) !== JSON.stringify(pick(shown, name)),
  )
  return { ...Object.fromEntries(kept), ...now }
}

function pick(fields: ItemFields, wanted: string): unknown {
  return Object.entries(fields).find(([name]) => name === wanted)?.[1]
}

async function gone(deps: SyncDeps, { operation, defect }: Pick<Performing, 'operation' | 'defect'>): Promise<void> {
  const note = `The item is gone from ${remoteTitle(defect)}.`
  await markMissing(deps, { defect, reason: `Somebody deleted the item in ${remoteTitle(defect)}.` })
  const ending = { operation, now: deps.clock(), state: 'cancelled' as const, note }
  await deps.db.transaction().execute((tx) => endOperation(deps, tx, ending))
}

const names: Record<FieldConflict['field'], string> = { title: 'title', priority: 'priority', dueOn: 'due date' }

type Conflicts = { defect: DefectRow; conflicts: readonly FieldConflict[] }

async function recordConflicts(deps: SyncDeps, tx: Db, { defect, conflicts }: Conflicts): Promise<void> {
  if (conflicts.length === 0) return
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const remote = remoteTitle(defect)
  const entries = conflicts.map(({ field, theirs, stands }) => {
    const whose = stands === 'theirs' ? `that of ${remote} stands` : 'the one of Weir stands'
    const reason = `The ${names[field]} was changed here and in ${remote} (“${theirs ?? 'none'}”); ${whose}.`
    const actor = { kind: 'remote' as const, accountUuid: null, name: remote }
    return { vulnerabilityId, kind: 'sync_conflict' as const, actor, reason, defectId: defect.id }
  })
  await recordTimeline(deps, tx, { organizationId, now: deps.clock(), entries })
  await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: vulnerabilityId }])
}
