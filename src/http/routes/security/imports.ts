import { getImportLog as logRoute } from '../../../../contract/security/import-log.ts'
import * as contract from '../../../../contract/security/imports.ts'
import { AppError } from '../../../lib/app-error.ts'
import { parsePageRequest } from '../../../store/page.ts'
import { listImportViews } from '../../../store/security/import-views.ts'
import { applyImport, discardImport } from '../../../usecases/security/imports/apply-import.ts'
import { getImport, getImportProgress } from '../../../usecases/security/imports/get-import.ts'
import { getImportLog } from '../../../usecases/security/imports/get-import-log.ts'
import type { ImportDeps } from '../../../usecases/security/imports/import-deps.ts'
import { importReport } from '../../../usecases/security/imports/import-report.ts'
import { listImportItems } from '../../../usecases/security/imports/list-import-items.ts'
import { openReportFile } from '../../../usecases/security/imports/open-report-file.ts'
import { previewUndo } from '../../../usecases/security/imports/preview-undo.ts'
import { undoImport } from '../../../usecases/security/imports/undo-import.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toActor, toAuditActor } from '../../principal.ts'
import { readBody } from '../../request-body.ts'
import { type BoundRoute, bind } from '../../route.ts'
import { sendDownload } from '../../send-download.ts'

export function importRoutes(context: HttpContext): BoundRoute[] {
  const { maxReportBytes, maxResults, tempFolder, importFileDays: keepFileDays } = context.settings
  const deps: ImportDeps = { ...context, tempFolder, keepFileDays, limits: { maxReportBytes, maxResults } }
  return [
    bind(contract.listImports, async ({ query, principal: { organizationId } }) => {
      const page = parsePageRequest(query)
      return listImportViews(context.db, { organizationId, assetIds: query.asset_id, states: query.state, page })
    }),
    bind(contract.getImport, async ({ params, principal: { organizationId } }) =>
      getImport(context, { organizationId, id: params.id }),
    ),
    bind(contract.listImportItems, async ({ params, query, principal: { organizationId } }) =>
      listImportItems(context, { organizationId, importId: params.id, query }),
    ),
    bind(logRoute, async ({ params, principal: { organizationId } }) =>
      getImportLog(context, { organizationId, importId: params.id }),
    ),
    createImportRoute(deps),
    bind(contract.applyImport, async ({ params, principal, request: { ip: ipAddress } }) =>
      applyImport(deps, { ...decisionOf(principal, params.id), ipAddress }),
    ),
    bind(contract.discardImport, async ({ params, principal }) =>
      discardImport(deps, decisionOf(principal, params.id)),
    ),
    bind(contract.previewUndo, async ({ params, principal: { organizationId } }) =>
      previewUndo(context, { organizationId, importId: params.id }),
    ),
    bind(contract.getImportProgress, async ({ query, principal: { organizationId } }) =>
      getImportProgress(context, { organizationId, progressKey: query.key }),
    ),
    bind(contract.downloadImportFile, async ({ params, principal, request, reply }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      const { name: fileName, chunks } = await openReportFile(context, { organizationId, importId: params.id, actor })
      // Never a type a browser would show: a report is a stranger's text.
      await sendDownload({ request, reply }, { fileName, mediaType: 'application/octet-stream', headers: {}, chunks })
    }),
    bind(contract.undoImport, async ({ params, principal, request: { ip: ipAddress } }) =>
      undoImport(deps, { ...decisionOf(principal, params.id), ipAddress }),
    ),
  ]
}

function decisionOf(principal: Principal, importId: string) {
  return { organizationId: principal.organizationId, importId, actor: toActor(principal) }
}

/** None that a form of another site could send. */
const acceptedTypes =
  /^(application\/(octet-stream|json|sarif\+json|xml|x-ndjson|jsonl|vnd\.cyclonedx\+(json|xml))|text\/(xml|csv))($|;)/i

function createImportRoute(deps: ImportDeps): BoundRoute {
  return bind(
    contract.createImport,
    async ({ query, principal, request, reply }) =>
      readBody({ request, reply }, async (body) => {
        if (!acceptedTypes.test(request.headers['content-type'] ?? ''))
          throw new AppError(
            'unsupported_media_type',
            'Send the report itself as application/octet-stream, or as JSON, XML or CSV by the type of its own.',
          )
        const {
          target_branch: targetBranch,
          pull_request: pullRequestId,
          file_name: fileName,
          dry_run: dryRun,
          progress_key: progressKey,
          source,
          ...rest
        } = query
        const { organizationId, tokenId } = principal
        const actor = toActor(principal)
        const from = source ?? (tokenId === null ? 'browser' : 'api')
        return importReport(deps, {
          organizationId,
          actor,
          ...rest,
          targetBranch,
          pullRequestId,
          fileName,
          dryRun,
          progressKey,
          bodyBytes: lengthOf(request.headers['content-length']),
          source: from,
          ipAddress: request.ip,
          body,
        })
      }),
    { isStreamed: true },
  )
}

function lengthOf(header: string | undefined): number | undefined {
  const bytes = Number(header)
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
}
