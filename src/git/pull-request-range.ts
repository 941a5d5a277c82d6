import type { CommitGraph } from './commit-graph.ts'
import type { Change } from './read-sizes.ts'

/** Why something of a pull request's commits is not known, or not for sure. */
export type RangeFlag =
  | 'merge_missing'
  | 'merge_unknown'
  | 'merge_ambiguous'
  | 'source_unknown'
  | 'source_ambiguous'
  | 'destination_unknown'
  | 'base_guessed'
  | 'base_unknown'
  | 'unrelated'
  | 'too_many_commits'

export type PullRequestHeads = {
  isMerged: boolean
  /** As the remote abbreviates them. */
  sourceCommit: string | null
  mergeCommit: string | null
  /** Where the destination branch stands now; undefined when it is gone. */
  destination: string | undefined
  /** Commits at which pull requests were merged before this one, the latest first. */
  mergedBefore: readonly string[]
}

/** `commits` and `change` are null where they cannot be known: never an empty list in place of that. */
export type PullRequestRange = {
  sourceSha: string | null
  mergeSha: string | null
  commits: string[] | null
  change: Change | null
  flags: RangeFlag[]
}

/** A pull request that brings a whole other history would fill the database with it. */
const commitsAtMost = 10_000

/**
 * Which commits a pull request brought, before they were squashed, and what to compare for its size. The destination as
 * it was before the merge is the first parent of the merge commit.
 */
export function findRange(graph: CommitGraph, heads: PullRequestHeads): PullRequestRange {
  const flags: RangeFlag[] = []
  const source = resolve(graph, heads.sourceCommit, 'source', flags)
  const merge = heads.isMerged ? resolve(graph, heads.mergeCommit, 'merge', flags) : undefined
  if (heads.isMerged && heads.mergeCommit === null) flags.push('merge_missing')
  const known = { graph, flags, source, merge, heads }
  const { commits, change } = heads.isMerged ? ofMerged(known) : ofUnmerged(known)
  return {
    sourceSha: source === undefined ? null : graph.shaOf(source),
    mergeSha: merge === undefined ? null : graph.shaOf(merge),
    commits: commits?.map((commit) => graph.shaOf(commit)) ?? null,
    change,
    flags,
  }
}

type Known = {
  graph: CommitGraph
  flags: RangeFlag[]
  source: number | undefined
  merge: number | undefined
  heads: PullRequestHeads
}
type Own = { commits: number[] | null; change: Change | null }

const nothing: Own = { commits: null, change: null }

function resolve(
  graph: CommitGraph,
  name: string | null,
  which: 'source' | 'merge',
  flags: RangeFlag[],
): number | undefined {
  if (name === null && which === 'merge') return undefined
  const found = graph.find(name ?? '')
  if (found.kind === 'found') return found.commit
  flags.push(`${which}_${found.kind}`)
  return undefined
}

function ofUnmerged({ graph, flags, source, heads }: Known): Own {
  if (source === undefined) return nothing
  const tip = heads.destination === undefined ? undefined : graph.find(heads.destination)
  if (tip?.kind === 'found') return between({ graph, flags }, source, [tip.commit])
  flags.push('destination_unknown')
  return nothing
}

function ofMerged(known: Known): Own {
  const { graph, flags, merge } = known
  if (merge === undefined) return nothing
  const [base, second] = graph.parentsOf(merge)
  // A merge commit remembers the source even when its branch is gone.
  const source = known.source ?? second
  if (source !== known.source) dropFlag(flags, 'source_unknown')
  if (source === undefined) {
    // Squashed, and the branch was gone before it was ever fetched: what came in is known, how it came about is not.
    const from = base === undefined ? undefined : graph.shaOf(base)
    return { commits: null, change: { from, to: graph.shaOf(merge) } }
  }
  if (source === merge) return ofFastForward(known, source)
  return between(known, source, base === undefined ? [] : [base])
}

/** The branch just moved on: nothing tells from where. The merges before it are the nearest that is known. */
function ofFastForward({ graph, flags, heads }: Known, source: number): Own {
  const before = heads.mergedBefore.flatMap((sha) => {
    const found = graph.find(sha)
    return found.kind === 'found' && found.commit !== source ? [found.commit] : []
  })
  if (before.length === 0) {
    flags.push('base_unknown')
    return nothing
  }
  flags.push('base_guessed')
  return between({ graph, flags }, source, before)
}

function between({ graph, flags }: Pick<Known, 'graph' | 'flags'>, source: number, without: readonly number[]): Own {
  const commits = graph.since([source], without, commitsAtMost)
  if (commits.length === commitsAtMost) flags.push('too_many_commits')
  const to = graph.shaOf(source)
  const [nearest] = without
  if (nearest === undefined) return { commits, change: { from: undefined, to } }
  const base = graph.mergeBase(source, nearest)
  if (base !== undefined) return { commits, change: { from: graph.shaOf(base), to } }
  flags.push('unrelated')
  return { commits, change: null }
}

function dropFlag(flags: RangeFlag[], flag: RangeFlag): void {
  const at = flags.indexOf(flag)
  if (at !== -1) flags.splice(at, 1)
}
