import type { Actor } from '../../domain/actor.ts'
import { readMeaning, type StateMaps } from '../../domain/sending/state-maps.ts'
import type { Db } from '../../store/db.ts'
import { type DefectRow, findDefect, updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { hasOpenStatePush } from '../../store/sync/operations.ts'
import { queueStatePushes } from '../../store/sync/queue-state-pushes.ts'
import { wasStatePushRefused } from '../../store/sync/refused-pushes.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { getTracker } from '../../trackers/registry.ts'
import type { Fetched, ItemState, TrackerItem } from '../../trackers/tracker.ts'
import { type Agreed, parseAgreed } from './agreed.ts'
import { receiveFiles } from './attachments/receive-files.ts'
import { findDecider } from './find-decider.ts'
import { markMissing } from './mark-missing.ts'
import { type ItemOutcome, type Merging, mergeState } from './merge-state.ts'
import { receivePriority } from './receive-priority.ts'
import { remoteTitle } from './remote-title.ts'
import { findStateMaps } from './route-states.ts'
import type { SyncDeps, WriteDeps } from './sync-deps.ts'

/** Milliseconds between two looks that both did not find an item, before it counts as gone. */
const missingAfterMs = 60_000

export type SeenItem = {
  defect: DefectRow
  item: Fetched<TrackerItem>
  /** Who changed it, as far as the remote says. */
  actor: Actor
  /** The remote itself said that it was deleted; otherwise two looks have to agree. */
  isCertain: boolean
  /** When the remote was asked, where that was before the lock was taken. */
  askedAt?: Date
  /** More to write in the same transaction. */
  also?: (tx: Db, outcome: ItemOutcome) => Promise<void>
}

/** Compares an item as it is now with what was agreed, and moves or pushes what differs. Needs the defect's lock. */
export async function receiveItem(deps: SyncDeps, seen: SeenItem): Promise<ItemOutcome> {
  const { item } = seen
  if (item.kind === 'deleted') {
    const outcome = await receiveAbsence(deps, seen)
    await deps.db.transaction().execute(async (tx) => seen.also?.(tx, outcome))
    return outcome
  }
  const maps = await findStateMaps(deps.db, seen.defect)
  const decider = await lookForDecider(deps, { seen, item: item.value, maps })
  const present = { seen, item: item.value, maps, decider }
  return deps.db.transaction().execute((tx) => receivePresence(deps, tx, present))
}

/** Only where the route lets members decide at the remote, and the state is one that means a decision. */
async function lookForDecider(
  deps: SyncDeps,
  { seen: { defect }, item, maps }: { seen: SeenItem; item: TrackerItem; maps: StateMaps },
): Promise<Present['decider']> {
  const means = readMeaning(maps, item.remoteState)
  if (maps.decisions !== 'members' || (means !== 'risk_accepted' && means !== 'false_positive')) return undefined
  if (parseAgreed(defect.agreed).remote_state === item.remoteState) return undefined
  return findDecider(deps, { defect, item })
}

async function receiveAbsence(deps: WriteDeps, { defect, isCertain }: SeenItem): Promise<ItemOutcome> {
  const now = deps.clock()
  if (defect.link === 'missing') return { changed: false, outcome: 'The item is known to be gone.' }
  const agreed = parseAgreed(defect.agreed)
  const since = agreed.missing_since === undefined ? undefined : Date.parse(agreed.missing_since)
  if (isCertain || (since !== undefined && now.getTime() - since >= missingAfterMs)) {
    await markMissing(deps, {
      defect,
      reason: `The item was deleted in ${remoteTitle(defect)}. It is not made again by itself; send the vulnerability again if it should be.`,
    })
    const outcome = `The item was deleted in ${remoteTitle(defect)}; nothing is made again by itself.`
    return { changed: true, outcome, finding: 'needs_you' }
  }
  // One 404 may be a moment without rights: it is remembered, and looked at again.
  if (since === undefined)
    await updateDefect(
      deps.db,
      { organizationId: defect.organization_id, id: defect.id, now },
      { agreed: { ...agreed, missing_since: now.toISOString() } },
    )
  return { changed: false, outcome: 'The item was not found; Weir looks again before it believes that.' }
}

type Present = Pick<Merging, 'maps' | 'decider'> & { seen: SeenItem; item: TrackerItem }

async function receivePresence(deps: WriteDeps, tx: Db, { seen, item, ...given }: Present): Promise<ItemOutcome> {
  const { organization_id: organizationId, id } = seen.defect
  const now = deps.clock()
  // As it is under the lock, not as the caller read it.
  const defect = (await findDefect(tx, { organizationId, id })) ?? seen.defect
  const { missing_since: _, is_mixed: __, ...agreed } = parseAgreed(defect.agreed)
  const known = { organizationId, id, now }
  const remote = readState(item, agreed)
  await updateDefect(tx, known, {
    remoteVersion: item.version,
    agreed: {
      ...agreed,
      state: remote,
      remote_state: item.remoteState,
      ...(item.state === 'mixed' && { is_mixed: true }),
    },
    ...(item.url !== '' && { url: item.url }),
    ...((defect.link === 'missing' || defect.link === 'forbidden') && { link: 'ok' as const, linkReason: null }),
  })
  if (defect.link === 'missing') await recordReturn(deps, tx, defect)
  // Two signs that disagree are the state that one of them means.
  const name = item.state === 'mixed' ? nameOf(defect, remote) : item.remoteState
  const before = agreed.remote_state === item.remoteState ? name : (agreed.remote_state ?? null)
  const outcome = await mergeState(deps, tx, {
    ...given,
    defect,
    actor: seen.actor,
    seen: { name, state: remote },
    agreed: { name: before, state: agreed.state ?? remote },
  })
  if (item.state === 'mixed') await setOtherSign(deps, tx, { defect, actor: seen.actor, state: remote })
  const whole = withMore(outcome, [
    await receiveKnownFiles(deps, tx, { defect, item, askedAt: seen.askedAt }),
    await receivePriority(deps, tx, { defect, item, actor: seen.actor }),
  ])
  await seen.also?.(tx, whole)
  return whole
}

type Half = Pick<Merging, 'defect' | 'actor'> & { state: ItemState }

/** One sign was changed and both sides follow it: the other one would go on saying the opposite, a task that is still done, say. */
async function setOtherSign(deps: WriteDeps, tx: Db, { defect, actor, state }: Half): Promise<void> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId, id: defectId } = defect
  const row = await findStatus(tx, { organizationId, vulnerabilityId })
  if (row === undefined || getTracker(defect.tracker).wantedState(row.status) !== state) return
  const key = { organizationId, defectId }
  if ((await hasOpenStatePush(tx, key)) || (await wasStatePushRefused(tx, key))) return
  await queueStatePushes(deps, tx, { organizationId, vulnerabilityIds: [vulnerabilityId], cause: actor })
}

async function receiveKnownFiles(
  deps: WriteDeps,
  tx: Db,
  { defect, item, askedAt }: { defect: DefectRow; item: TrackerItem; askedAt: Date | undefined },
): Promise<string | undefined> {
  return item.files === undefined ? undefined : receiveFiles(deps, tx, { defect, files: item.files, askedAt })
}

function withMore(outcome: ItemOutcome, more: readonly (string | undefined)[]): ItemOutcome {
  const said = more.filter((one) => one !== undefined)
  if (said.length === 0) return outcome
  return { ...outcome, changed: true, outcome: [...(outcome.changed ? [outcome.outcome] : []), ...said].join(' ') }
}

/** Of two signs that disagree, the one that changed since we last looked is what somebody meant. */
function readState(item: TrackerItem, agreed: Agreed): ItemState {
  const known = agreed.state ?? 'open'
  if (item.state === null) return known
  if (item.state !== 'mixed') return item.state
  if (item.remoteState === agreed.remote_state) return known
  return known === 'open' ? 'closed' : 'open'
}

function nameOf({ tracker }: DefectRow, state: ItemState): string {
  return getTracker(tracker).states?.find((known) => known.state === state)?.name ?? state
}

async function recordReturn(deps: WriteDeps, tx: Db, defect: DefectRow): Promise<void> {
  const organizationId = defect.organization_id
  const vulnerabilityId = defect.vulnerability_id
  const actor = { kind: 'remote' as const, accountUuid: null, name: remoteTitle(defect) }
  const entry = { vulnerabilityId, kind: 'defect_found_again' as const, actor, defectId: defect.id }
  await recordTimeline(deps, tx, { organizationId, now: deps.clock(), entries: [entry] })
  await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: vulnerabilityId }])
}
