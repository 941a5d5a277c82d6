import { findRange, type PullRequestRange } from '../../../git/pull-request-range.ts'
import { readBranches } from '../../../git/read-branches.ts'
import { type ChangedPaths, readPaths } from '../../../git/read-paths.ts'
import { readSizes, type Size } from '../../../git/read-sizes.ts'
import type { Db } from '../../../store/db.ts'
import { listFirstCommits } from '../../../store/delivery/commits.ts'
import { type PullRequestChange, replacePullRequestChanges } from '../../../store/delivery/pull-request-changes.ts'
import {
  listMerges,
  listUnreadPullRequests,
  type PullRequestCommits,
  replacePullRequestCommits,
  type UnreadPullRequest,
  updatePullRequestSizes,
} from '../../../store/delivery/pull-request-commits.ts'
import type { CommitDeps } from './commit-deps.ts'
import type { MirrorRead } from './record-new-commits.ts'

const batchSize = 100
/** What was not found may come with a later fetch, as long as somebody works on it. */
const retryWithinMs = 7 * 24 * 3600_000
/** Merges before a fast-forward that are looked at for where it began. */
const mergesBefore = 20

/** Finds the commits and the size of pull requests that are new or stand elsewhere than when they were last looked at. */
export async function recordRanges(deps: Pick<CommitDeps, 'db' | 'clock'>, read: MirrorRead): Promise<number> {
  const { db, clock } = deps
  const retrySince = read.isNews ? new Date(clock().getTime() - retryWithinMs) : null
  const branches = await readBranches(read.folder)
  const merges = await listMerges(db, read)
  let count = 0
  for (let after: string | null = null; ; ) {
    const found: UnreadPullRequest[] = await listUnreadPullRequests(db, {
      ...read,
      after,
      retrySince,
      limit: batchSize,
    })
    const ranges = found.map((one) => rangeOf(read, one, { branches, merges }))
    const sizes = await sizesOf(read, ranges)
    const paths = await pathsOf(read, ranges)
    const rows = found.map((one, at) =>
      toRow(one, { range: ranges[at], size: sizes[at] ?? null, paths: paths[at] ?? null }),
    )
    const now = clock()
    if (rows.length > 0) await db.transaction().execute((tx) => write(tx, { ...read, now, rows }))
    count += found.length
    after = found.at(-1)?.id ?? null
    if (found.length < batchSize || after === null) return count
  }
}

type Surroundings = { branches: ReadonlyMap<string, string>; merges: Awaited<ReturnType<typeof listMerges>> }

function rangeOf({ graph }: MirrorRead, one: UnreadPullRequest, { branches, merges }: Surroundings): PullRequestRange {
  const { mergedAt } = one
  const from = mergedAt === null ? -1 : firstBefore(merges, mergedAt)
  return findRange(graph, {
    ...one,
    destination: branches.get(one.destinationBranch ?? ''),
    mergedBefore: from === -1 ? [] : merges.slice(from, from + mergesBefore).map(({ commit }) => commit),
  })
}

/** Of merges, the latest first: the place of the first that is earlier. */
function firstBefore(merges: Surroundings['merges'], at: Date): number {
  let [low, high] = [0, merges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((merges[middle]?.at ?? at) < at) high = middle
    else low = middle + 1
  }
  return low
}

async function sizesOf(read: MirrorRead, ranges: readonly PullRequestRange[]): Promise<(Size | null)[]> {
  const changes = ranges.flatMap(({ change }) => (change === null ? [] : [change]))
  const sizes = await readSizes(read.folder, { isPartial: read.isPartial, changes })
  return ranges.map(({ change }) => (change === null ? null : (sizes.shift() ?? null)))
}

async function pathsOf(read: MirrorRead, ranges: readonly PullRequestRange[]): Promise<(ChangedPaths | null)[]> {
  const changes = ranges.flatMap(({ change }) => (change === null ? [] : [change]))
  const paths = await readPaths(read.folder, changes)
  return ranges.map(({ change }) => (change === null ? null : (paths.shift() ?? null)))
}

type Found = { range: PullRequestRange | undefined; size: Size | null; paths: ChangedPaths | null }
type FoundRow = PullRequestCommits & PullRequestChange

function toRow({ id, readOf }: UnreadPullRequest, { range, size, paths }: Found): FoundRow {
  const { sourceSha = null, mergeSha = null, commits = null, change = null, flags = [] } = range ?? {}
  return { id, readOf, sourceSha, mergeSha, commits, flags, size, change, paths }
}

type Writing = { organizationId: string; repositoryId: string; now: Date; rows: readonly FoundRow[] }

async function write(tx: Db, { organizationId, repositoryId, now, rows }: Writing): Promise<void> {
  await replacePullRequestCommits(tx, { organizationId, repositoryId }, rows)
  const first = await listFirstCommits(tx, { organizationId, pullRequestIds: rows.map(({ id }) => id) })
  await updatePullRequestSizes(tx, { organizationId, now, first }, rows)
  await replacePullRequestChanges(tx, organizationId, rows)
}
