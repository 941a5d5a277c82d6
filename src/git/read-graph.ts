import { AppError } from '../lib/app-error.ts'
import { type CommitGraph, createGraphBuilder } from './commit-graph.ts'
import type { MirrorFolder } from './mirror-folder.ts'
import { readLines } from './read-tokens.ts'

/** Some 450 MB of memory; more than the largest repositories known have. */
const commitsAtMost = 3_000_000

/** All commits that branches, tags and kept heads reach. Throws `unavailable` beyond three millions. */
export async function readGraph({ mirror }: MirrorFolder): Promise<CommitGraph> {
  const builder = createGraphBuilder()
  let count = 0
  for await (const line of readLines({ gitDir: mirror, args: ['rev-list', '--all', '--parents'] })) {
    const [sha = '', ...parents] = line.split(' ')
    builder.add(sha, parents)
    count += 1
    if (count > commitsAtMost)
      throw new AppError('unavailable', `The repository has more than ${commitsAtMost} commits, which is too many.`)
  }
  return builder.build()
}
