const hourS = 3600

/** A counted deployment with what is known of its content. `completedAt` in whole seconds since 1970. */
export type JudgedInput = {
  id: string
  outcome: 'successful' | 'failed' | 'stopped'
  completedAt: number
  /** Its commit was in production before, and a newer one was there when it came. */
  isRollback: boolean
  /** Changes it brought, and how many of them only repair: hotfix branches, reverts, what an incident names. */
  changes: number
  repairs: number
  /** A person's word, which beats every rule; null where nobody said anything. */
  markedFailed: boolean | null
  markedRework: boolean | null
}

/** An incident of the repository. Moments in whole seconds since 1970; `resolvedAt` null while it lasts. */
export type IncidentFact = { id: string; deploymentId: string | null; beganAt: number; resolvedAt: number | null }

export type FailureCause = 'manual' | 'incident' | 'rollback' | 'hotfix' | 'deploy_failed'

/** What a deployment counts as. */
export type Judgement = {
  id: string
  /** Why it is a failed change; null where it is none. */
  failedBy: FailureCause | null
  /** When what it broke worked again; null while it does not, or where it broke nothing. */
  recoveredAt: number | null
  /** It was made only to repair. */
  isRework: boolean
}

export type JudgementRules = {
  /** A repair so soon after a deployment says that the deployment failed. */
  repairWithinHours: number
  /** Whether a deployment that did not succeed counts as a failed change, besides in its own rate. */
  countsFailedDeployments: boolean
}

type Input = {
  /** Counted production deployments of one repository, in any order. */
  deployments: readonly JudgedInput[]
  incidents: readonly IncidentFact[]
  rules: JudgementRules
}

/**
 * Judges each deployment once: a person's mark, else an incident, a rollback, a repair soon after. An incident that names
 * no deployment is charged to the last success before it began. Stopped ones are neither success nor failure.
 */
export function judgeDeployments({ deployments, incidents, rules }: Input): Judgement[] {
  const inOrder = deployments
    .filter(({ outcome }) => outcome !== 'stopped')
    .toSorted((a, b) => a.completedAt - b.completedAt || (a.id < b.id ? -1 : 1))
  const successes = inOrder.filter(({ outcome }) => outcome === 'successful')
  const charged = Map.groupBy(incidents, (incident) => chargedTo(incident, successes))
  return inOrder.map((deployment) => {
    const own = charged.get(deployment.id) ?? []
    const next = successes.find((one) => isAfter(one, deployment))
    // What comes after another change repairs that one.
    const repair = next !== undefined && (next.isRollback || next.repairs > 0) ? next : undefined
    const failedBy = judge(deployment, { hasIncident: own.length > 0, repair, rules })
    return {
      id: deployment.id,
      failedBy,
      recoveredAt: failedBy === null ? null : recoveryOf(own, failedBy === 'deploy_failed' ? next : repair),
      isRework: deployment.outcome === 'successful' && isRework(deployment),
    }
  })
}

function chargedTo({ deploymentId, beganAt }: IncidentFact, successes: readonly JudgedInput[]): string | undefined {
  return deploymentId ?? successes.findLast(({ completedAt }) => completedAt <= beganAt)?.id
}

function isAfter(one: JudgedInput, other: JudgedInput): boolean {
  return one.completedAt > other.completedAt || (one.completedAt === other.completedAt && one.id > other.id)
}

type Signs = { hasIncident: boolean; repair: JudgedInput | undefined; rules: JudgementRules }

function judge(deployment: JudgedInput, { hasIncident, repair, rules }: Signs): FailureCause | null {
  if (deployment.markedFailed !== null) return deployment.markedFailed ? 'manual' : null
  if (hasIncident) return 'incident'
  if (deployment.outcome === 'failed') return rules.countsFailedDeployments ? 'deploy_failed' : null
  if (repair?.isRollback === true) return 'rollback'
  const isSoon = repair !== undefined && repair.completedAt - deployment.completedAt <= rules.repairWithinHours * hourS
  return isSoon ? 'hotfix' : null
}

/** When the last of its incidents was resolved; without one when what came after was there. */
function recoveryOf(incidents: readonly IncidentFact[], after: JudgedInput | undefined): number | null {
  if (incidents.length === 0) return after?.completedAt ?? null
  return incidents.reduce<number | null>(
    (last, { resolvedAt }) => (last === null || resolvedAt === null ? null : Math.max(last, resolvedAt)),
    0,
  )
}

function isRework({ isRollback, changes, repairs, markedRework }: JudgedInput): boolean {
  return markedRework ?? (isRollback || (changes > 0 && repairs === changes))
}
