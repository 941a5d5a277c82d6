import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { found } from '../../../scanners/define-format.ts'
import { makeFinding } from '../../../scanners/make-finding.ts'
import { rateFinding } from '../../../scanners/rate-finding.ts'
import type { Report, ReportFinding, Scanner } from '../../../scanners/scanner.ts'
import { beginImport } from './begin-import.ts'
import { findTargetAsset } from './find-target-asset.ts'
import { prepareFinding } from './finding-body.ts'
import { getImport } from './get-import.ts'
import type { createImportFixture } from './import.fixture.ts'
import { createSilentProgress } from './import-progress.ts'
import { toIdentity } from './read-report.ts'
import { runImport, tryImport } from './run-import.ts'

type House = Awaited<ReturnType<typeof createImportFixture>>
type Words = Partial<Parameters<typeof makeFinding>[0]>

/** An advisory of one package, as a scanner tells of it. */
export const advisory = (scanner: string, more: Words = {}): ReportFinding =>
  makeFinding({
    kind: 'dependency',
    scanner,
    ruleId: 'CVE-2026-0001',
    title: `${scanner} says that the lantern burns`,
    ...rateFinding({ word: 'high' }),
    path: 'package-lock.json',
    package: { ecosystem: 'npm', name: 'lantern', version: '1.2.0' },
    ...more,
  })

/** A door that stands open in the code. */
export const door = (scanner: string, line: number, more: Words = {}): ReportFinding =>
  makeFinding({
    kind: 'code',
    scanner,
    ruleId: 'open-door',
    title: 'A door is open',
    ...rateFinding({ word: 'medium' }),
    path: 'src/door.ts',
    startLine: line,
    snippet: `door${line}.open(everybody, ${line})`,
    ...more,
  })

export type Taking = {
  branch?: string
  targetBranch?: string
  pullRequestId?: string
  scope?: 'full' | 'partial'
  isTrial?: boolean
}

/** Imports what a scanner of an invented format tells. */
export async function takeFindings(
  house: House,
  scanner: string,
  findings: readonly ReportFinding[],
  { branch = 'main', targetBranch, pullRequestId, scope = 'full', isTrial = false }: Taking = {},
) {
  const format: Scanner = { name: scanner, title: scanner, recognise: () => false, read: async () => report }
  const report: Report = {
    tools: [{ name: scanner, version: null, problem: null }],
    commit: null,
    unread: [],
    results: async function* () {
      for (const one of findings) yield found(one)
    },
  }
  const identities = findings.map((one, position) => toIdentity(prepareFinding(one, house.organizationId), position))
  const read = { scanner: format, report, identities, results: findings.length, skipped: 0 }
  const { organizationId, actor } = house
  const importId = house.deps.newId()
  const path = join(tmpdir(), `weir-findings-${process.pid}`)
  await writeFile(path, '')
  const asset = await findTargetAsset(house.db, { organizationId, asset: 'quay' })
  const beginning = {
    organizationId,
    id: importId,
    assetId: asset.id,
    branch,
    targetBranch: targetBranch ?? null,
    commitHash: null,
    scope,
    fileName: scanner,
    source: 'api' as const,
    memberId: null,
    tokenId: null,
  }
  const watch = { clientKey: null, bytesTotal: null, onProgress: undefined }
  const progress = isTrial ? createSilentProgress() : await beginImport(house.deps, { beginning, watch })
  const job = {
    organizationId,
    importId,
    actor,
    asset,
    branch,
    targetBranch: targetBranch ?? null,
    pullRequestId: pullRequestId ?? null,
    commit: null,
    scope,
    wish: 'apply' as const,
    read,
    file: { path, name: scanner, sha256: importId, bytes: 0 },
    source: 'api' as const,
    progress,
  }
  if (isTrial) return tryImport(house.deps, job)
  await runImport(house.deps, job)
  return getImport(house.deps, { organizationId, id: importId })
}
