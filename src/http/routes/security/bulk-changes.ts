import * as contract from '../../../../contract/security/bulk-changes.ts'
import { cancelBulkChange, undoBulkChange } from '../../../usecases/security/bulk/control-bulk-change.ts'
import { createBulkChange } from '../../../usecases/security/bulk/create-bulk-change.ts'
import { getBulkChange, listBulkChangeItems, listBulkChanges } from '../../../usecases/security/bulk/get-bulk-change.ts'
import { previewBulkChange } from '../../../usecases/security/bulk/preview-bulk-change.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function bulkChangeRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.previewBulkChange, async ({ body, principal: asker }) =>
      previewBulkChange(context, { asker, request: body }),
    ),
    bind(contract.createBulkChange, async ({ body, principal: asker, request: { ip } }) =>
      createBulkChange(context, { asker, auditor: toAuditActor(asker, ip), request: body }),
    ),
    bind(contract.listBulkChanges, async ({ query, principal: asker }) => listBulkChanges(context, { asker, query })),
    bind(contract.getBulkChange, async ({ params, principal: asker }) => getBulkChange(context, { asker, ...params })),
    bind(contract.listBulkChangeItems, async ({ params, query, principal: asker }) =>
      listBulkChangeItems(context, { asker, ...params, query }),
    ),
    bind(contract.cancelBulkChange, async ({ params, principal: asker, request: { ip } }) =>
      cancelBulkChange(context, { asker, auditor: toAuditActor(asker, ip), ...params }),
    ),
    bind(contract.undoBulkChange, async ({ params, principal: asker, request: { ip } }) =>
      undoBulkChange(context, { asker, auditor: toAuditActor(asker, ip), ...params }),
    ),
  ]
}
