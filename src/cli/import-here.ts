import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportProgress, ReportImport } from '../../contract/security/imports.ts'
import { readFileBytes } from '../scanners/spool-report.ts'
import { importReport } from '../usecases/security/imports/import-report.ts'
import { chooseOrganization } from './choose-organization.ts'
import type { Terminal } from './command.ts'
import type { ImportRequest } from './import-command.ts'
import { openWeir } from './open-weir.ts'

/** Imports into the configured database, beside a Weir that may be running on it. */
export async function importHere(
  request: ImportRequest,
  terminal: Terminal,
  onProgress?: (progress: ImportProgress) => void,
): Promise<ReportImport> {
  const weir = await openWeir(terminal)
  try {
    const { config, db, clock, newId, enqueue, secretBox } = weir
    const { maxReportBytes, maxResults, dataFolder, importFileDays: keepFileDays } = config
    const organizationId = await chooseOrganization(db, request.organization)
    const { file, fileName, asset, branch, targetBranch, pullRequestId, commit, format, scope, preview, dryRun } =
      request
    return await importReport(
      {
        db,
        clock,
        newId,
        enqueue,
        secretBox,
        tempFolder: join(dataFolder, 'uploads'),
        keepFileDays,
        limits: { maxReportBytes, maxResults },
      },
      {
        organizationId,
        actor: { kind: 'system', name: 'command line' },
        asset,
        branch,
        targetBranch,
        pullRequestId,
        commit,
        format,
        fileName,
        scope,
        preview,
        dryRun,
        source: 'cli',
        body: readFileBytes(file),
        bodyBytes: statSync(file).size,
        onProgress: ({ stage, bytesRead, bytesTotal, findingsRead }) =>
          onProgress?.({ stage, bytes_read: bytesRead, bytes_total: bytesTotal, findings_read: findingsRead }),
      },
    )
  } finally {
    await weir.close()
  }
}
