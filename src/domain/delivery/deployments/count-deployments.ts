export const deploymentStates = ['undeployed', 'in_progress', 'successful', 'failed', 'stopped'] as const
export type DeploymentState = (typeof deploymentStates)[number]

/** One telling of a deployment to one production environment of one repository. `completedAt` in whole seconds since 1970. */
export type DeploymentFact = {
  id: string
  environmentId: string
  /** The pipeline that made it; null where something else did, or nothing is known. */
  pipeline: string | null
  commitSha: string | null
  state: DeploymentState
  completedAt: number | null
}

export type DeploymentOutcome = 'successful' | 'failed' | 'stopped'

/** What counts as one deployment: all environments and attempts of one pipeline for one commit. */
export type CountedDeployment = {
  /** Of the fact that ended it. */
  id: string
  /** Every fact it is made of, its own too. */
  facts: readonly string[]
  commitSha: string | null
  outcome: DeploymentOutcome
  completedAt: number
}

type EndedFact = DeploymentFact & { state: DeploymentOutcome; completedAt: number }

/**
 * Counts production deployments of one repository, oldest first. The last attempt to an environment speaks for it; steps
 * and regions of one pipeline are one deployment, failed where one of them did. What has not ended is none yet.
 */
export function countDeployments(facts: readonly DeploymentFact[]): CountedDeployment[] {
  const groups = Map.groupBy(facts.filter(isEnded), (fact) =>
    fact.pipeline === null ? fact.id : `${fact.pipeline} ${fact.commitSha}`,
  )
  return [...groups.values()].map(toCounted).toSorted(inOrder)
}

function isEnded(fact: DeploymentFact): fact is EndedFact {
  return fact.completedAt !== null && fact.state !== 'undeployed' && fact.state !== 'in_progress'
}

function toCounted(facts: readonly EndedFact[]): CountedDeployment {
  const inTime = facts.toSorted(inOrder)
  // A later one replaces an earlier one of the same environment.
  const last = [...new Map(inTime.map((fact) => [fact.environmentId, fact])).values()].toSorted(inOrder)
  const end = last.at(-1)
  if (end === undefined) throw new Error('A deployment is made of at least one fact.')
  return {
    id: end.id,
    facts: inTime.map(({ id }) => id),
    commitSha: end.commitSha,
    outcome: outcomeOf(last),
    completedAt: end.completedAt,
  }
}

function outcomeOf(last: readonly EndedFact[]): DeploymentOutcome {
  if (last.some(({ state }) => state === 'failed')) return 'failed'
  return last.some(({ state }) => state === 'successful') ? 'successful' : 'stopped'
}

/** Ids decide between two of the same second, so that the order of arrival does not. */
function inOrder(one: { id: string; completedAt: number }, other: { id: string; completedAt: number }): number {
  return one.completedAt - other.completedAt || (one.id < other.id ? -1 : 1)
}
