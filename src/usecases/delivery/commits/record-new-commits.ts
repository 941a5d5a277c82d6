import type { CommitGraph } from '../../../git/commit-graph.ts'
import type { MirrorFolder } from '../../../git/mirror-folder.ts'
import { type GitCommit, readCommits } from '../../../git/read-commits.ts'
import { type Change, readSizes, type Size } from '../../../git/read-sizes.ts'
import type { Db } from '../../../store/db.ts'
import { countCommitsRead } from '../../../store/delivery/commit-feeds.ts'
import { findAuthors, insertCommits, listKnownShas, type NewCommit } from '../../../store/delivery/commits.ts'
import { recordHeads } from '../../../store/delivery/git-mirrors.ts'
import { meetCommitAuthors } from '../people/commit-authors.ts'
import type { CommitDeps } from './commit-deps.ts'

export type MirrorRead = {
  organizationId: string
  repositoryId: string
  feedId: string
  folder: MirrorFolder
  graph: CommitGraph
  heads: readonly string[]
  isPartial: boolean
  /** Up to where commits are written down. */
  before: readonly string[]
  /** Branches or tags stand elsewhere than they did. */
  isNews: boolean
}

type RecordDeps = Pick<CommitDeps, 'db' | 'clock' | 'newId'>

/** Commits of one transaction. */
const batchSize = 500

/**
 * Writes down the commits that came since the last time, parents first, so that a process that dies goes on where it was.
 * Answers how many.
 */
export async function recordNewCommits(deps: RecordDeps, read: MirrorRead): Promise<number> {
  const { graph, heads, before } = read
  const commits = graph.since(indexesOf(graph, heads), indexesOf(graph, before)).toReversed()
  let count = 0
  for (let from = 0; from < commits.length; from += batchSize)
    count += await recordBatch(deps, read, commits.slice(from, from + batchSize))
  await recordHeads(deps.db, { ...read, heads })
  return count
}

function indexesOf(graph: CommitGraph, shas: readonly string[]): number[] {
  return shas.flatMap((sha) => {
    const found = graph.find(sha)
    return found.kind === 'found' ? [found.commit] : []
  })
}

async function recordBatch(deps: RecordDeps, read: MirrorRead, batch: readonly number[]): Promise<number> {
  const { db } = deps
  const { graph, folder, isPartial, organizationId, repositoryId } = read
  const place = { organizationId, repositoryId }
  const known = await listKnownShas(db, { ...place, shas: batch.map(graph.shaOf) })
  const fresh = batch.filter((commit) => !known.has(graph.shaOf(commit)))
  if (fresh.length === 0) return 0
  // A merge commit changes nothing of its own.
  const single = fresh.filter((commit) => graph.parentsOf(commit).length < 2)
  const sizes = await readSizes(folder, { isPartial, changes: single.map((commit) => toChange(graph, commit)) })
  const sizeOf = new Map(single.map((commit, at) => [graph.shaOf(commit), sizes[at]]))
  const rows: NewCommit[] = []
  for await (const commit of readCommits(folder, fresh.map(graph.shaOf)))
    rows.push(toRow(commit, sizeOf.get(commit.sha)))
  await db.transaction().execute(async (tx) => {
    await meetUnknownAuthors(deps, tx, { organizationId, commits: rows })
    await insertCommits(tx, place, rows)
    await countCommitsRead(tx, { organizationId, feedId: read.feedId, count: rows.length })
  })
  return rows.length
}

/** Authors whose address is nobody's, shown or given, become accounts of commits; the latest commit names them. */
async function meetUnknownAuthors(
  deps: RecordDeps,
  tx: Db,
  { organizationId, commits }: { organizationId: string; commits: readonly NewCommit[] },
): Promise<void> {
  const known = await findAuthors(tx, { organizationId, emails: commits.map(({ authorEmail }) => authorEmail) })
  const authors = commits
    .filter(({ authorEmail }) => !known.has(authorEmail.toLowerCase()))
    .toSorted((a, b) => a.authoredAt.getTime() - b.authoredAt.getTime())
    .map((one) => ({ address: one.authorEmail, name: one.authorName, seenAt: one.authoredAt }))
  await meetCommitAuthors(deps, tx, { organizationId, source: 'commit', authors })
}

function toChange(graph: CommitGraph, commit: number): Change {
  const [parent] = graph.parentsOf(commit)
  return { from: parent === undefined ? undefined : graph.shaOf(parent), to: graph.shaOf(commit) }
}

function toRow(commit: GitCommit, size: Size | undefined): NewCommit {
  const { added = 0, removed = 0, files = 0 } = size ?? {}
  return { ...commit, linesAdded: added, linesRemoved: removed, filesChanged: files }
}
