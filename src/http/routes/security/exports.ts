import * as contract from '../../../../contract/security/exports.ts'
import { createExportLimit, exportVulnerabilities } from '../../../usecases/security/export/export-vulnerabilities.ts'
import type { HttpContext } from '../../context.ts'
import { toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'
import { sendDownload } from '../../send-download.ts'

const routes = [
  { format: 'csv', definition: contract.exportCsv },
  { format: 'json', definition: contract.exportJson },
  { format: 'sarif', definition: contract.exportSarif },
  { format: 'vex', definition: contract.exportVex },
] as const

export function exportRoutes(context: HttpContext): BoundRoute[] {
  const takeTurn = createExportLimit()
  return routes.map(({ format, definition }) =>
    bind(definition, async ({ query: filters, principal, request, reply }) => {
      const end = takeTurn()
      try {
        const { organizationId, memberId } = principal
        const { publicUrl } = context.settings
        const asked = { organizationId, memberId, auditor: toAuditActor(principal, request.ip), format, filters }
        const { count, ...file } = await exportVulnerabilities({ ...context, publicUrl }, asked)
        const headers = { [contract.exportCountHeader]: String(count) }
        await sendDownload({ request, reply }, { ...file, headers })
      } finally {
        end()
      }
    }),
  )
}
