import type { MetricExplanation } from '../../../../contract/delivery/explain.ts'
import type { PullRequestFigures } from '../../../domain/delivery/compute-figures.ts'
import type { ChangeReason } from '../../../domain/delivery/deployments/attribute-changes.ts'
import type { GivenFigures } from '../../../metrics/select-part.ts'
import type { Db } from '../../../store/db.ts'
import {
  listNamedDeployments,
  type NamedDeployment,
  type NamedPullRequest,
} from '../../../store/delivery/explain/explained.ts'
import { workOutDeployments } from '../deployments/work-out-deployments.ts'

type Input = { organizationId: string; pullRequest: NamedPullRequest; figures: PullRequestFigures }

type ExplainedChange = Pick<MetricExplanation, 'moments' | 'phases'> & {
  rows: GivenFigures['changes']
  sentences: string[]
}

/**
 * Says which deployment brought a pull request into production and how that is known. Works out its whole repository, as
 * that is what decides: one after another, what each deployment's commit contains that no earlier one's did.
 */
export async function explainChange(db: Db, { organizationId, pullRequest, figures }: Input): Promise<ExplainedChange> {
  if (figures.timestamps.mergedAt === null)
    return { rows: [], moments: [], phases: [], sentences: ['It is not merged, so no deployment can contain it.'] }
  let reason: ChangeReason = 'in_none'
  const key = { organizationId, repositoryId: pullRequest.repositoryId }
  const worked = await workOutDeployments(db, key, (id, told) => {
    if (id === pullRequest.id) reason = told
  })
  const row = worked.rows.changes.find((one) => one.pull_request_id === pullRequest.id)
  const ids = row === undefined ? [] : [row.deployment_id]
  const [deployment] = await listNamedDeployments(db, { organizationId, ids })
  const amount = worked.counted.filter(({ outcome }) => outcome === 'successful').length
  const sentences = [
    describeMerge(pullRequest),
    describeReason(reason, { amount, deployment, days: worked.rules.pre_history_days }),
    ...(row?.is_batch_merge === true
      ? ['It shares its merge commit with another pull request: one change, counted there.']
      : []),
  ]
  return {
    rows: row === undefined ? [] : [row],
    moments: [
      {
        name: 'deployed_at',
        at: row?.deployed_at.toISOString() ?? null,
        rule: reason,
        words:
          reason === 'in_none' || reason === 'pre_history'
            ? 'no deployment is its own'
            : `the end of ${nameOf(deployment)}`,
      },
    ],
    phases: [
      { name: 'deploy', from: 'merged_at', to: 'deployed_at', seconds: row?.deploy_s ?? null },
      { name: 'lead', from: 'first_commit_at', to: 'deployed_at', seconds: row?.lead_s ?? null },
    ],
    sentences,
  }
}

function describeMerge({ mergeCommit, mergeSha }: NamedPullRequest): string {
  if (mergeSha !== null)
    return `Its merge commit is ${mergeSha}${mergeCommit === null ? '' : `, told as ${mergeCommit}`}.`
  return mergeCommit === null
    ? 'Nothing tells of its merge commit.'
    : `Its merge commit is told as ${mergeCommit}, of which the clone knows none, or more than one.`
}

type Known = { amount: number; deployment: NamedDeployment | undefined; days: number }

function describeReason(reason: ChangeReason, { amount, deployment, days }: Known): string {
  switch (reason) {
    case 'ancestry':
      return `That commit is in the history of ${deployment?.commit ?? 'the commit'} of ${nameOf(deployment)}, and of no earlier successful production deployment.`
    case 'time_based':
      return `No clone can say what was deployed, so the first successful production deployment after its merge counts: ${nameOf(deployment)}.`
    case 'pre_history':
      return `It was merged more than ${days} days before the first deployment that is known: nobody can say when it went into production.`
    case 'in_none':
      return amount === 0
        ? 'No successful production deployment of its repository is known.'
        : `None of the ${amount} successful production deployments of its repository contains it.`
    default: {
      const unheard: never = reason
      return unheard
    }
  }
}

/** A deployment as a sentence calls it. */
function nameOf(deployment: NamedDeployment | undefined): string {
  if (deployment === undefined) return 'a deployment'
  const { name, environment, completedAt } = deployment
  return `${name ?? 'the deployment'} to ${environment} at ${completedAt?.toISOString() ?? 'an unknown time'}`
}
