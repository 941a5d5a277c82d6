const dayS = 86_400

/** A merged pull request as attribution sees it. `mergedAt` in whole seconds since 1970. */
export type MergedPullRequest = {
  id: string
  /** Full name of its merge commit; null where the short one is ambiguous or the clone does not know it. */
  mergeSha: string | null
  mergedAt: number
}

/** A successful production deployment, with the merge commits that its commit contains and no earlier one's did. */
export type AttributingDeployment = {
  id: string
  completedAt: number
  /** Undefined where no clone can say what it contains. */
  newMerges: ReadonlySet<string> | undefined
}

export type ChangeRule = 'ancestry' | 'time_based'

/** A pull request in the first deployment that contains it. */
export type AttributedChange = {
  pullRequestId: string
  deploymentId: string
  rule: ChangeRule
  /** It shares its merge commit with another pull request of this deployment, whose change counts for both. */
  isBatchMerge: boolean
}

export type Attribution = {
  changes: AttributedChange[]
  /** Merged too long before the first deployment that is known: nobody can say when they went into production. */
  preHistory: string[]
}

/** How a pull request came to its deployment, or why it has none. */
export type ChangeReason = ChangeRule | 'pre_history' | 'in_none'

type Input = {
  /** Of one repository and its production environments, in any order. */
  deployments: readonly AttributingDeployment[]
  pullRequests: readonly MergedPullRequest[]
  /** How long before the first known deployment a merge still counts as its change. */
  preHistoryDays: number
  /** Hears the reason of each pull request. */
  note?: ((pullRequestId: string, reason: ChangeReason) => void) | undefined
}

/**
 * Says which deployment brought each merged pull request into production: the first one whose commit contains its merge
 * commit; without a clone the first success after the merge. A pull request is in one deployment at most, whatever the
 * order of the input.
 */
export function attributeChanges({ deployments, pullRequests, preHistoryDays, note }: Input): Attribution {
  const inOrder = deployments.toSorted((a, b) => a.completedAt - b.completedAt || (a.id < b.id ? -1 : 1))
  const byMerge = firstByMerge(inOrder)
  const known = inOrder[0]
  const changes: AttributedChange[] = []
  const preHistory: string[] = []
  const counted = new Set<string>()
  const oldestFirst = pullRequests.toSorted((a, b) => a.mergedAt - b.mergedAt || (a.id < b.id ? -1 : 1))
  for (const pullRequest of oldestFirst) {
    const found = findDeployment(pullRequest, inOrder, byMerge)
    if (found === undefined) {
      note?.(pullRequest.id, 'in_none')
      continue
    }
    if (found.deployment === known && pullRequest.mergedAt < known.completedAt - preHistoryDays * dayS) {
      preHistory.push(pullRequest.id)
      note?.(pullRequest.id, 'pre_history')
      continue
    }
    note?.(pullRequest.id, found.rule)
    const merge = found.rule === 'ancestry' ? pullRequest.mergeSha : null
    changes.push({
      pullRequestId: pullRequest.id,
      deploymentId: found.deployment.id,
      rule: found.rule,
      isBatchMerge: merge !== null && counted.has(merge),
    })
    if (merge !== null) counted.add(merge)
  }
  return { changes, preHistory }
}

type Found = { deployment: AttributingDeployment; rule: ChangeRule }

function findDeployment(
  { mergeSha, mergedAt }: MergedPullRequest,
  inOrder: readonly AttributingDeployment[],
  byMerge: ReadonlyMap<string, AttributingDeployment>,
): Found | undefined {
  const contained = mergeSha === null ? undefined : byMerge.get(mergeSha)
  if (contained !== undefined) return { deployment: contained, rule: 'ancestry' }
  // Where a clone answers it is believed: what it does not contain is not there, however late the deployment.
  const after = inOrder.find((one) => one.newMerges === undefined && one.completedAt >= mergedAt)
  return after === undefined ? undefined : { deployment: after, rule: 'time_based' }
}

function firstByMerge(inOrder: readonly AttributingDeployment[]): Map<string, AttributingDeployment> {
  const first = new Map<string, AttributingDeployment>()
  for (const deployment of inOrder)
    for (const merge of deployment.newMerges ?? []) if (!first.has(merge)) first.set(merge, deployment)
  return first
}
