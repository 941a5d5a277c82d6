import type { PlannedImport } from './plan-import.ts'

type Place = { targetBranch?: string | null; pullRequestId?: string | null }

/** What a pull request's scan closes on its branch though it still reports it, and why; null where it is no such scan. */
export function tellReached(
  { targetBranch, pullRequestId }: Place,
  { plan: { inTarget } }: Pick<PlannedImport, 'plan'>,
) {
  if (targetBranch === null || targetBranch === undefined) return null
  const scan =
    pullRequestId === null || pullRequestId === undefined ? 'The scan' : `The scan of pull request ${pullRequestId}`
  const reason = `It reached ${targetBranch}. ${scan} still reports it, and its vulnerability on ${targetBranch} goes on.`
  return { findingIds: [...inTarget], reason }
}
