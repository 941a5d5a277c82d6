import type { AttributingDeployment } from '../../../domain/delivery/deployments/attribute-changes.ts'
import type { CountedDeployment } from '../../../domain/delivery/deployments/count-deployments.ts'
import type { CommitGraph } from '../../../git/commit-graph.ts'

export type WalkedDeployment = AttributingDeployment & {
  /** Whole name of what was deployed; undefined where no clone knows it. */
  commit: string | undefined
  isRollback: boolean
  /** Every commit it contains and no earlier one did, by whole names; empty where no clone can say. */
  newCommits: readonly string[]
}

/**
 * What each success brought that none before it had, and whether it went back: its commit lies in the history of the one
 * before it. Without a graph, or with a commit the graph does not know, nothing is said of its content.
 */
export function walkDeployments(
  successes: readonly CountedDeployment[],
  { graph, merges }: { graph: CommitGraph | undefined; merges: ReadonlySet<string> },
): WalkedDeployment[] {
  const interesting = findMerges(graph, merges)
  // Commits that together reach all that was in production so far.
  let heads: number[] = []
  let former: number | undefined
  return successes.map((deployment) => {
    const { id, completedAt } = deployment
    const commit = findCommit(graph, deployment.commitSha)
    if (graph === undefined || commit === undefined)
      return { id, completedAt, commit: undefined, newMerges: undefined, newCommits: [], isRollback: false }
    const own = graph.since([commit], heads)
    const isRollback = former !== undefined && former !== commit && graph.since([commit], [former], 1).length === 0
    heads = [commit, ...heads.filter((head) => head !== commit && graph.since([head], [commit], 1).length > 0)]
    former = commit
    return {
      id,
      completedAt,
      commit: graph.shaOf(commit),
      newMerges: namesOf(own, interesting),
      newCommits: own.map(graph.shaOf),
      isRollback,
    }
  })
}

function findCommit(graph: CommitGraph | undefined, name: string | null): number | undefined {
  const found = name === null ? undefined : graph?.find(name)
  return found?.kind === 'found' ? found.commit : undefined
}

/** A commit may be told by its whole name and by a shorter one. */
function findMerges(graph: CommitGraph | undefined, merges: ReadonlySet<string>): Map<number, string[]> {
  const found = new Map<number, string[]>()
  for (const sha of merges) {
    const commit = findCommit(graph, sha)
    if (commit !== undefined) found.set(commit, [...(found.get(commit) ?? []), sha])
  }
  return found
}

function namesOf(commits: readonly number[], names: ReadonlyMap<number, readonly string[]>): Set<string> {
  return new Set(commits.flatMap((commit) => names.get(commit) ?? []))
}
