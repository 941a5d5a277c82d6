import type { MirrorFolder } from '../../../git/mirror-folder.ts'
import { readOrigins } from '../../../git/read-origins.ts'
import {
  listUnblamed,
  type PullRequestOrigins,
  replaceOrigins,
  type UnblamedPullRequest,
} from '../../../store/delivery/pull-request-origins.ts'
import type { CommitDeps } from './commit-deps.ts'

type Place = { organizationId: string; repositoryId: string; folder: MirrorFolder; isPartial: boolean }
type Deps = Pick<CommitDeps, 'db' | 'clock' | 'git'>

/** As far back as figures are kept day by day. */
const sinceMs = 400 * 24 * 3600_000
const batchSize = 20
/** Of one reading: the rest waits for the next one, so that a long history holds up nothing. */
const withinMs = 5 * 60_000

/**
 * Finds where the lines come from that merged pull requests changed, the latest first, as many as there is time for. What
 * was read is not read again. Answers how many were read or left out.
 */
export async function recordOrigins(deps: Deps, place: Place): Promise<number> {
  const { db, clock } = deps
  const startedMs = clock().getTime()
  const since = new Date(startedMs - sinceMs)
  for (let count = 0; ; ) {
    const batch = await listUnblamed(db, { ...place, since, limit: batchSize })
    const found: PullRequestOrigins[] = []
    for (const one of batch) {
      if (clock().getTime() - startedMs > withinMs) break
      found.push(await readOne(deps, place, one))
    }
    if (found.length > 0) await db.transaction().execute((tx) => replaceOrigins(tx, place, found))
    count += found.length
    if (found.length < batchSize) return count
  }
}

async function readOne(
  { git }: Deps,
  { folder, isPartial }: Place,
  one: UnblamedPullRequest,
): Promise<PullRequestOrigins> {
  const change = { from: one.from ?? undefined, to: one.to }
  const read = await readOrigins(folder, { change, isPartial, signal: git.signal })
  if (read.kind === 'left_out') return { ...one, newLines: null, leftOut: read.reason, origins: [] }
  const origins = [...read.origins].map(([sha, lines]) => ({ sha, lines }))
  return { ...one, newLines: read.newLines, leftOut: null, origins }
}
