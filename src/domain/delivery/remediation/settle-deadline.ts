/** Whole seconds since 1970. */
export type DeadlineFacts = {
  dueAt: number | null
  mergedAt: number | null
  deployedAt: number | null
  /** Fixed, and nobody knows by which pull request. */
  isFixedElsewhere: boolean
  isDeploymentKnown: boolean
}

/** Where a deadline stands in production. `at_risk`: merged, and not deployed. `unknown`: nothing tells what is deployed. */
export const deadlineStates = ['none', 'running', 'at_risk', 'met', 'breached', 'unknown'] as const
export type DeadlineState = (typeof deadlineStates)[number]

/**
 * When it is settled whether a deadline was kept in production, and how: kept with the deployment of the fix, broken as
 * it passes without one. Null where nothing tells what is in production. Before `at` it is not settled.
 */
export function settleDeadline(facts: DeadlineFacts): { at: number; isMet: boolean | null } | null {
  const { dueAt, mergedAt, deployedAt, isFixedElsewhere, isDeploymentKnown } = facts
  if (dueAt === null) return null
  if (deployedAt !== null) return deployedAt <= dueAt ? { at: deployedAt, isMet: true } : { at: dueAt, isMet: false }
  const isUnknown = isFixedElsewhere || (mergedAt !== null && mergedAt <= dueAt && !isDeploymentKnown)
  return { at: dueAt, isMet: isUnknown ? null : false }
}

/** The same as of a moment. */
export function deadlineStateAt(facts: DeadlineFacts, now: number): DeadlineState {
  const settled = settleDeadline(facts)
  if (settled === null) return 'none'
  if (settled.isMet === null) return 'unknown'
  if (settled.isMet) return 'met'
  if (settled.at <= now) return 'breached'
  return facts.mergedAt === null ? 'running' : 'at_risk'
}
