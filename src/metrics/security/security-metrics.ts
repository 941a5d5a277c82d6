import type { Metric } from '../metric.ts'
import { exposureWindow } from './exposure-window.ts'
import { introductionByLines } from './introduction-by-lines.ts'
import { introductionRate } from './introduction-rate.ts'
import { openExposure } from './open-exposure.ts'
import { otherPickup, securityPickup } from './pickup-of-work.ts'
import { reopenRate } from './reopen-rate.ts'
import { securityDeployShare } from './security-deploy-share.ts'
import { securityDeployTime } from './security-deploy-time.ts'
import { securityLeadTime } from './security-lead-time.ts'
import { securityMergeWait } from './security-merge-wait.ts'
import { securityPickupStage } from './security-pickup-stage.ts'
import { securityReviewTime } from './security-review-time.ts'
import { securityShare } from './security-share.ts'
import { securityToPrTime } from './security-to-pr-time.ts'
import { securityTriageTime } from './security-triage-time.ts'
import { slaInProduction } from './sla-in-production.ts'
import { timeToFixPr } from './time-to-fix-pr.ts'

/** From found to fixed in production, in the order it is shown. */
export const securityMetrics: readonly Metric[] = [
  timeToFixPr,
  securityLeadTime,
  securityTriageTime,
  securityToPrTime,
  securityPickupStage,
  securityReviewTime,
  securityMergeWait,
  securityDeployTime,
  exposureWindow,
  openExposure,
  slaInProduction,
  securityPickup,
  otherPickup,
  introductionRate,
  introductionByLines,
  reopenRate,
  securityShare,
  securityDeployShare,
]
