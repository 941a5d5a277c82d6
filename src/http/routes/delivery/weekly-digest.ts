import * as contract from '../../../../contract/delivery/weekly-digest.ts'
import {
  getWeeklyDigest,
  previewWeeklyDigest,
  sendWeeklyDigest,
  updateWeeklyDigest,
  updateWeeklyDigestForAll,
} from '../../../usecases/sync/calling/weekly-digest.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

/** As for test mails: far more than people click, far less than fills a mailbox. */
const sendsPerMinute = 60

export function weeklyDigestRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.getWeeklyDigest, async ({ principal: { organizationId, memberId } }) =>
      getWeeklyDigest(context, { organizationId, memberId }),
    ),
    bind(contract.updateWeeklyDigest, async ({ body, principal: { organizationId, memberId } }) =>
      updateWeeklyDigest(context, { organizationId, memberId, choice: body }),
    ),
    bind(contract.previewWeeklyDigest, async ({ principal: { organizationId, memberId } }) =>
      previewWeeklyDigest(context, { organizationId, memberId }),
    ),
    bind(
      contract.sendWeeklyDigest,
      async ({ principal: { organizationId, memberId } }) => sendWeeklyDigest(context, { organizationId, memberId }),
      { perMinute: sendsPerMinute },
    ),
    bind(contract.updateWeeklyDigestForAll, async ({ body, principal, request }) =>
      updateWeeklyDigestForAll(context, {
        organizationId: principal.organizationId,
        actor: toAuditActor(principal, request.ip),
        isOn: body.is_on,
      }),
    ),
  ]
}
