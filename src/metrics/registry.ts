import { changeFailureRate } from './dora/change-failure-rate.ts'
import { deployFailureRate } from './dora/deploy-failure-rate.ts'
import { deployTime } from './dora/deploy-time.ts'
import { deploymentFrequency } from './dora/deployment-frequency.ts'
import { deploymentReworkRate } from './dora/deployment-rework-rate.ts'
import { failedDeploymentRecoveryTime } from './dora/failed-deployment-recovery-time.ts'
import { leadTimeChanges } from './dora/lead-time-changes.ts'
import { mttr } from './dora/mttr.ts'
import { openFailures } from './dora/open-failures.ts'
import { stoppedDeployments } from './dora/stopped-deployments.ts'
import { undeployedChanges } from './dora/undeployed-changes.ts'
import { codingTime } from './flow/coding-time.ts'
import { draftTime } from './flow/draft-time.ts'
import { mergeWait } from './flow/merge-wait.ts'
import { openedToMerge } from './flow/opened-to-merge.ts'
import { pickupTime } from './flow/pickup-time.ts'
import { prCycleTime } from './flow/pr-cycle-time.ts'
import { reviewTime } from './flow/review-time.ts'
import { timeToFirstResponseOpen } from './flow/time-to-first-response-open.ts'
import { mergeRatio } from './health/merge-ratio.ts'
import { openPrAge } from './health/open-pr-age.ts'
import { prSize } from './health/pr-size.ts'
import { prThroughput } from './health/pr-throughput.ts'
import { stalePr } from './health/stale-pr.ts'
import { workBreakdown } from './health/work-breakdown.ts'
import type { Metric } from './metric.ts'
import { buildTime } from './pipelines/build-time.ts'
import { pipelineDuration } from './pipelines/pipeline-duration.ts'
import { pipelineSuccess } from './pipelines/pipeline-success.ts'
import { pipelineThroughput } from './pipelines/pipeline-throughput.ts'
import { flashReview } from './reviews/flash-review.ts'
import { fri } from './reviews/fri.ts'
import { rci } from './reviews/rci.ts'
import { reviewRounds } from './reviews/review-rounds.ts'
import { reviewedMergeRate } from './reviews/reviewed-merge-rate.ts'
import { rri } from './reviews/rri.ts'
import { selfApproveOnly } from './reviews/self-approve-only.ts'
import { selfMerge } from './reviews/self-merge.ts'
import { unreviewedMerge } from './reviews/unreviewed-merge.ts'
import { securityMetrics } from './security/security-metrics.ts'

/** Every metric, in the order it is shown. */
export const metrics: readonly Metric[] = [
  deploymentFrequency,
  leadTimeChanges,
  deployTime,
  undeployedChanges,
  changeFailureRate,
  failedDeploymentRecoveryTime,
  openFailures,
  deploymentReworkRate,
  deployFailureRate,
  stoppedDeployments,
  mttr,
  codingTime,
  draftTime,
  pickupTime,
  reviewTime,
  mergeWait,
  prCycleTime,
  openedToMerge,
  timeToFirstResponseOpen,
  reviewedMergeRate,
  unreviewedMerge,
  selfMerge,
  selfApproveOnly,
  rri,
  rci,
  fri,
  reviewRounds,
  flashReview,
  prSize,
  prThroughput,
  mergeRatio,
  openPrAge,
  stalePr,
  ...workBreakdown,
  ...securityMetrics,
  pipelineSuccess,
  pipelineDuration,
  pipelineThroughput,
  buildTime,
]

/** The metric of a key; undefined for a key that is none's. */
export function findMetric(key: string): Metric | undefined {
  return metrics.find((metric) => metric.key === key)
}
