import type { BitbucketClient } from '../../../bitbucket/client.ts'
import type { FeedRequest } from '../../../bitbucket/readers/feed-request.ts'
import {
  type LineDiff,
  readLineDiff,
  requestCommitDiff,
  requestRangeDiff,
} from '../../../bitbucket/readers/line-diff.ts'
import type { UnknownPlaceReason } from '../../../domain/delivery/remediation/place-states.ts'
import { trackLine } from '../../../domain/delivery/remediation/track-line.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { MergedBetween } from '../../../store/delivery/remediation/removed-places.ts'

/** More merges between two scans than these are not asked for: at most five requests a place. */
export const mergesAtMost = 7

export type AskedPlace = {
  repositoryPath: string
  path: string
  line: number
  seenIn: string
  goneIn: string
  /** Merged into the branch between the two scans, the earliest first. */
  merges: readonly MergedBetween[]
}

export type AskedFate =
  | { kind: 'removed' | 'changed'; commit: string; path: string; line: number; pullRequestId: string }
  | { kind: 'unknown'; reason: UnknownPlaceReason }

const unknown = (reason: UnknownPlaceReason): AskedFate => ({ kind: 'unknown', reason })

/** Refusals that are this place's own. */
const refusals = [
  'scope_missing',
  'remote_forbidden',
  'remote_gone',
  'remote_refused',
  'remote_invalid_answer',
] as const

/**
 * Asks the remote for the few comparisons that tell which merge took a line away: where there is no copy of the repository.
 * Renames cannot be told from deletions so. Throws as the client does for what stops everything.
 */
export async function askForPlace(client: BitbucketClient, place: AskedPlace): Promise<AskedFate> {
  try {
    return await ask(client, place)
  } catch (error) {
    if (isAppError(error, 'remote_not_found')) return unknown('commit_unknown')
    if (refusals.some((code) => isAppError(error, code))) return unknown('not_told')
    throw error
  }
}

async function ask(client: BitbucketClient, place: AskedPlace): Promise<AskedFate> {
  const { repositoryPath, path, line, seenIn: from, merges } = place
  if (merges.length === 0) return unknown('no_pull_request')
  if (merges.length > mergesAtMost) return unknown('too_far')
  const since = (to: string) => read(client, requestRangeDiff(repositoryPath, { from, to, path }))
  const whole = await since(place.goneIn)
  if (whole.isDeleted) return unknown('file_gone')
  const end = trackLine(line, whole.hunks)
  if (end.kind === 'kept') return unknown('untouched')
  const merge = await findFirst(merges, async ({ commit }) => isGone(line, await since(commit)))
  if (merge === undefined) return unknown('no_pull_request')
  // Between two merges somebody may have pushed: the merge itself has to take the line.
  const own = await read(client, requestCommitDiff(repositoryPath, { commit: merge.commit, path }))
  const text = withoutBlanks(whole.removed.get(line) ?? '')
  const [at] = [...own.removed].find(([, removed]) => withoutBlanks(removed) === text) ?? []
  if (at === undefined || text === '') return unknown('no_pull_request')
  return { kind: end.kind, commit: merge.commit, path, line: at, pullRequestId: merge.id }
}

async function read(client: BitbucketClient, { path, what, query }: FeedRequest): Promise<LineDiff> {
  return readLineDiff(await client.text(path, { what, query, lane: 'collect' }))
}

function isGone(line: number, { hunks, isDeleted }: LineDiff): boolean {
  return isDeleted || trackLine(line, hunks).kind !== 'kept'
}

/** The first of a list from which on all fit; a few questions, since each halves what is left. */
async function findFirst<Item>(
  list: readonly Item[],
  fits: (one: Item) => Promise<boolean>,
): Promise<Item | undefined> {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const one = list[middle]
    if (one !== undefined && (await fits(one))) high = middle
    else low = middle + 1
  }
  return list[low]
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s/g, '')
}
