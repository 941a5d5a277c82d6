import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import * as contract from '../../../../contract/security/evidence-files.ts'
import { isSafeImage } from '../../../domain/evidence-type.ts'
import { isPermitted } from '../../../domain/permissions.ts'
import { AppError } from '../../../lib/app-error.ts'
import {
  addEvidenceFile,
  type EvidenceViewer,
  getEvidenceFile,
  listEvidenceFiles,
  removeEvidenceFile,
} from '../../../usecases/security/vulnerabilities/evidence-files.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toActor } from '../../principal.ts'
import { readBody } from '../../request-body.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function evidenceFileRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listEvidenceFiles, async ({ params, principal }) => {
      const { organizationId } = principal
      return listEvidenceFiles(context, { organizationId, vulnerabilityId: params.id, viewer: toViewer(principal) })
    }),
    addEvidenceFileRoute(context),
    bind(contract.getEvidenceFile, async ({ params, principal: { organizationId }, reply }) => {
      const file = await getEvidenceFile(context, { organizationId, id: params.id })
      setSafeHeaders(reply, file)
      await reply.send(Readable.from(file.content))
    }),
    bind(contract.removeEvidenceFile, async ({ params, principal }) => {
      const { organizationId } = principal
      const asked = { organizationId, id: params.id, actor: toActor(principal), viewer: toViewer(principal) }
      await removeEvidenceFile(context, asked)
    }),
  ]
}

function toViewer(principal: Principal): EvidenceViewer {
  return {
    memberId: principal.memberId,
    mayDecide: isPermitted(principal, 'vulnerability.decide'),
    mayWrite: isPermitted(principal, 'message.write'),
  }
}

function addEvidenceFileRoute(context: HttpContext): BoundRoute {
  const deps = { ...context, tempFolder: context.settings.tempFolder }
  return bind(
    contract.addEvidenceFile,
    async ({ params, query, principal, request, reply }) =>
      readBody({ request, reply }, async (body) => {
        // None that a form of another site could send.
        if (!/^application\/octet-stream($|;)/i.test(request.headers['content-type'] ?? ''))
          throw new AppError('unsupported_media_type', 'Send the file itself as application/octet-stream.')
        const { organizationId } = principal
        const asked = { organizationId, vulnerabilityId: params.id, actor: toActor(principal) }
        return addEvidenceFile(deps, { ...asked, viewer: toViewer(principal), name: query.name, body })
      }),
    { isStreamed: true },
  )
}

/** Somebody else's file must never act as a page of ours: only images are shown, and nothing in them runs. */
function setSafeHeaders(reply: FastifyReply, file: { name: string; type: string; bytes: number }): void {
  const isShown = isSafeImage(file.type)
  const ascii = file.name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(file.name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16)}`,
  )
  void reply
    .header('content-type', isShown ? file.type : 'application/octet-stream')
    .header(
      'content-disposition',
      `${isShown ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encoded}`,
    )
    .header('content-length', file.bytes)
    .header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff')
    // What it shows never changes under its id; whoever else uses the browser is not served from its store.
    .header('cache-control', 'private, no-store')
}
