import * as contract from '../../../../contract/security/evidence-files.ts'
import { isPermitted } from '../../../domain/permissions.ts'
import { findEvidenceUse } from '../../../store/security/evidence-use.ts'
import {
  addEvidenceFile,
  type EvidenceLimits,
  type EvidenceViewer,
  getEvidenceFile,
  listEvidenceFiles,
  removeEvidenceFile,
} from '../../../usecases/security/vulnerabilities/evidence-files.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toActor } from '../../principal.ts'
import { readFileBody } from '../../request-body.ts'
import { type BoundRoute, bind } from '../../route.ts'
import { sendFile } from '../../send-file.ts'

export function evidenceFileRoutes(context: HttpContext): BoundRoute[] {
  const evidenceLimits = toLimits(context)
  return [
    bind(contract.listEvidenceFiles, async ({ params, principal }) => {
      const { organizationId } = principal
      const asked = { organizationId, vulnerabilityId: params.id, viewer: toViewer(principal) }
      return listEvidenceFiles({ ...context, evidenceLimits }, asked)
    }),
    bind(contract.getEvidenceUse, async ({ principal: { organizationId } }) => {
      const use = await findEvidenceUse(context.db, organizationId)
      return { ...use, max_bytes: evidenceLimits.bytesInAll, max_files_each: evidenceLimits.filesEach }
    }),
    addEvidenceFileRoute(context),
    bind(contract.getEvidenceFile, async ({ params, principal: { organizationId }, reply }) => {
      const file = await getEvidenceFile(context, { organizationId, id: params.id })
      await sendFile(reply, file)
    }),
    bind(contract.removeEvidenceFile, async ({ params, principal }) => {
      const { organizationId } = principal
      const asked = { organizationId, id: params.id, actor: toActor(principal), viewer: toViewer(principal) }
      await removeEvidenceFile(context, asked)
    }),
  ]
}

function toLimits({ settings }: HttpContext): EvidenceLimits {
  return { filesEach: settings.maxEvidenceFiles, bytesInAll: settings.maxEvidenceBytes }
}

function toViewer(principal: Principal): EvidenceViewer {
  return {
    memberId: principal.memberId,
    mayDecide: isPermitted(principal, 'vulnerability.decide'),
    mayWrite: isPermitted(principal, 'message.write'),
  }
}

function addEvidenceFileRoute(context: HttpContext): BoundRoute {
  const deps = { ...context, tempFolder: context.settings.tempFolder, evidenceLimits: toLimits(context) }
  return bind(
    contract.addEvidenceFile,
    async ({ params, query, principal, request, reply }) =>
      readFileBody({ request, reply }, async (body) => {
        const { organizationId } = principal
        const asked = { organizationId, vulnerabilityId: params.id, actor: toActor(principal) }
        return addEvidenceFile(deps, { ...asked, viewer: toViewer(principal), name: query.name, body })
      }),
    { isStreamed: true },
  )
}
