import * as contract from '../../../../contract/access/organization.ts'
import { listAuditEvents } from '../../../store/access/audit-events.ts'
import { parsePageRequest, toPage } from '../../../store/page.ts'
import { wipeDemo } from '../../../usecases/access/wipe-demo.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function organizationRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listAuditEvents, async ({ query, principal }) => {
      const page = parsePageRequest(query)
      const rows = await listAuditEvents(context.db, principal.organizationId, page)
      return toPage(rows, page.limit, (row) => ({ ...row, created_at: row.created_at.toISOString() }))
    }),
    bind(contract.wipeDemo, async () => {
      await wipeDemo(context)
      return { wiped: true }
    }),
  ]
}
