import { join } from 'node:path'
import type { ReportImport } from '../../contract/security/imports.ts'
import { AppError } from '../lib/app-error.ts'
import { readFileBytes } from '../scanners/spool-report.ts'
import { listOrganizations } from '../store/access/organizations.ts'
import type { Db } from '../store/db.ts'
import { importReport } from '../usecases/security/import-report.ts'
import type { Terminal } from './command.ts'
import type { ImportRequest } from './import-command.ts'
import { openWeir } from './open-weir.ts'

/** Imports into the configured database, beside a Weir that may be running on it. */
export async function importHere(request: ImportRequest, terminal: Terminal): Promise<ReportImport> {
  const weir = await openWeir(terminal)
  try {
    const { config, db, clock, newId, enqueue, secretBox } = weir
    const { maxReportBytes, maxResults, dataFolder } = config
    const organizationId = await chooseOrganization(db, request.organization)
    const { file, fileName, asset, branch, commit, format, scope, preview, dryRun } = request
    return await importReport(
      {
        db,
        clock,
        newId,
        enqueue,
        secretBox,
        tempFolder: join(dataFolder, 'uploads'),
        limits: { maxReportBytes, maxResults },
      },
      {
        organizationId,
        actor: { kind: 'system', name: 'command line' },
        asset,
        branch,
        commit,
        format,
        fileName,
        scope,
        preview,
        dryRun,
        source: 'cli',
        body: readFileBytes(file),
      },
    )
  } finally {
    await weir.close()
  }
}

/** By name or id; without a wish the only one there is. Throws `not_found` or `validation_failed`. */
async function chooseOrganization(db: Db, wanted: string | undefined): Promise<string> {
  const all = await listOrganizations(db)
  if (wanted === undefined) {
    const [only] = all
    if (only !== undefined && all.length === 1) return only.id
    throw all.length === 0
      ? new AppError('not_found', 'Weir is not set up yet: start it, open its address and make your organization.')
      : new AppError('validation_failed', `There are several organizations. Say which: --organization ${quote(all)}.`)
  }
  const found = all.filter((organization) => organization.id === wanted || organization.name === wanted)
  const [only] = found
  if (only !== undefined && found.length === 1) return only.id
  throw new AppError('not_found', `There is no single organization "${wanted}". Known are ${quote(all)}.`)
}

function quote(all: readonly { name: string }[]): string {
  return all
    .slice(0, 10)
    .map(({ name }) => JSON.stringify(name))
    .join(', ')
}
