import { existsSync } from 'node:fs'
import { repositoryPathOf } from '../../../bitbucket/require-visible-repository.ts'
import { mayComeLater } from '../../../domain/delivery/remediation/place-states.ts'
import { findRemovals, type PlaceFate } from '../../../git/find-removals.ts'
import { lockMirror, type MirrorFolder, mirrorFolder } from '../../../git/mirror-folder.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import type { Db } from '../../../store/db.ts'
import { addFeedRequests } from '../../../store/delivery/feeds.ts'
import {
  type DuePlace,
  type LookedUpPlace,
  listDuePlaces,
  listMergedBetween,
  putOffPlaces,
  recordLooks,
} from '../../../store/delivery/remediation/removed-places.ts'
import type { SyncDeps } from '../../sync/sync-deps.ts'
import { type AskedFate, askForPlace, mergesAtMost } from './ask-for-place.ts'

type Deps = { db: Db; clock: Clock; log: Log; git: { folder: string }; connect: SyncDeps['connect'] }

/** In one call, so that a worker can always stop soon; the rest waits for the next one. */
const placesAtOnce = 200
const looksAtMost = 8
const soonMs = 60_000
const latestLookMs = 6 * 3600_000
/** A copy that comes costs no requests: so often it is waited for, some twenty minutes, before the remote is asked. */
const looksBeforeAsking = 3
/** In one call, for one repository. */
const placesAskedAtOnce = 5

type Outcome = PlaceFate | AskedFate | { kind: 'unknown'; reason: 'no_mirror' }

/**
 * Looks up in the copies of repositories which commit took away the places of fixed vulnerabilities. A place of a repository
 * without a copy waits for one, and then the remote is asked, a few requests for a few places. Safe to run in several processes: one reads a copy at a time.
 * Answers how many places it looked at.
 */
export async function lookUpPlaces(deps: Deps): Promise<number> {
  const due = await listDuePlaces(deps.db, { now: deps.clock(), limit: placesAtOnce })
  let count = 0
  for (const places of Map.groupBy(due, ({ repositoryId }) => repositoryId).values())
    count += await lookUpRepository(deps, places)
  return count
}

async function lookUpRepository(deps: Deps, places: readonly DuePlace[]): Promise<number> {
  const [first] = places
  if (first === undefined) return 0
  const folder = mirrorFolder(deps.git.folder, first)
  const outcomes = await lookAlone(deps, folder, places)
  if (outcomes === undefined) {
    await putOffPlaces(deps.db, { ...first, until: new Date(deps.clock().getTime() + soonMs) })
    return 0
  }
  const asked = await askInstead(
    deps,
    places.filter((place) => !outcomes.has(place) && place.attempts >= looksBeforeAsking).slice(0, placesAskedAtOnce),
  )
  const now = deps.clock()
  const outcomeOf = (place: DuePlace): Outcome =>
    outcomes.get(place) ?? asked.get(place) ?? { kind: 'unknown', reason: 'no_mirror' }
  await recordLooks(deps.db, {
    organizationId: first.organizationId,
    now,
    places: places.map((place) => toLook(place, outcomeOf(place), now)),
  })
  return places.length
}

type Outcomes = ReadonlyMap<DuePlace, Outcome>

/** Undefined while another process works on the copy. None is known where there is none, or it cannot be read. */
async function lookAlone(
  { log }: Deps,
  folder: MirrorFolder,
  places: readonly DuePlace[],
): Promise<Outcomes | undefined> {
  if (!existsSync(folder.mirror) || !existsSync(folder.view)) return new Map()
  const lock = await lockMirror(folder)
  if (lock === undefined) return undefined
  try {
    return await look(folder, places)
  } catch (error) {
    if (!isAppError(error)) throw error
    // Whoever fetches next finds out what is wrong with it, and makes it anew.
    log.warn({ repositoryId: places[0]?.repositoryId, err: error }, 'a copy could not be read for removed places')
    return new Map()
  } finally {
    lock.release()
  }
}

/** Places of the same two scans are followed together. */
async function look(folder: MirrorFolder, places: readonly DuePlace[]): Promise<Outcomes> {
  const outcomes = new Map<DuePlace, Outcome>()
  for (const group of Map.groupBy(places, ({ seenIn, goneIn }) => `${seenIn} ${goneIn}`).values()) {
    const [first] = group
    if (first === undefined) continue
    const { seenIn: seen, goneIn: gone, isPartial } = first
    const fates = await findRemovals(folder, { seen, gone, isPartial, places: group })
    for (const [at, place] of group.entries()) {
      const fate = fates[at]
      if (fate !== undefined) outcomes.set(place, fate)
    }
  }
  return outcomes
}

/** What the remote's comparisons tell. What stops them, such as a spent share of the hour, leaves the rest for later. */
async function askInstead(deps: Deps, places: readonly DuePlace[]): Promise<ReadonlyMap<DuePlace, AskedFate>> {
  const told = new Map<DuePlace, AskedFate>()
  const [first] = places
  if (first === undefined) return told
  let requests = 0
  const onRequest = (): void => {
    requests += 1
  }
  try {
    const { client } = await deps.connect({ ...first, onRequest })
    for (const place of places) {
      const merges = await listMergedBetween(deps.db, { ...place, limit: mergesAtMost + 1 })
      told.set(place, await askForPlace(client, { ...place, repositoryPath: repositoryPathOf(place), merges }))
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    deps.log.info({ repositoryId: first.repositoryId, err: error }, 'the remote was not asked for removed places')
  } finally {
    const { organizationId, feedId } = first
    if (feedId !== null) await addFeedRequests(deps.db, { organizationId, feedId, count: requests })
  }
  return told
}

function toLook(place: DuePlace, outcome: Outcome, now: Date): LookedUpPlace {
  const { vulnerabilityId, findingId, seenIn, goneIn, attempts } = place
  const nothing = {
    reason: null,
    removed_in: null,
    removed_path: null,
    removed_line: null,
    removed_by: null,
    next_look_at: now,
  }
  const known = {
    vulnerability_id: vulnerabilityId,
    finding_id: findingId,
    seen_in: seenIn,
    gone_in: goneIn,
    ...nothing,
  }
  switch (outcome.kind) {
    case 'removed':
    case 'changed': {
      const { kind: state, commit, path, line } = outcome
      const by = 'pullRequestId' in outcome ? outcome.pullRequestId : null
      return { ...known, state, removed_in: commit, removed_path: path, removed_line: line, removed_by: by }
    }
    case 'kept':
      return { ...known, state: 'kept' }
    case 'unknown': {
      const { reason } = outcome
      const isOver = !mayComeLater(reason) || attempts + 1 >= looksAtMost
      const waitMs = Math.min(latestLookMs, soonMs * 4 ** attempts)
      return { ...known, state: isOver ? 'unknown' : 'wanted', reason, next_look_at: new Date(now.getTime() + waitMs) }
    }
    default:
      return outcome satisfies never
  }
}
