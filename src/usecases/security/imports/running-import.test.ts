import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { deleteLeftovers } from '../../../store/access/leftovers.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { listImportViews } from '../../../store/security/import-views.ts'
import { applyImport, discardImport } from './apply-import.ts'
import { beginImport, brokenOff } from './begin-import.ts'
import { endDeadImports } from './end-dead-imports.ts'
import { getImport, getImportProgress } from './get-import.ts'
import { bodyOf, createImportFixture, sarifOf } from './import.fixture.ts'
import type { ImportProgress } from './import-progress.ts'
import { importReport } from './import-report.ts'
import { openReportFile } from './open-report-file.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(() => open.close())
beforeEach(async () => {
  house = await createImportFixture(open)
})

const report = sarifOf(Array.from({ length: 250 }, (_, index) => ({ file: `src/${index}.ts`, line: index + 1 })))
const take = (more: object = {}, text = report) =>
  importReport(house.deps, {
    organizationId: house.organizationId,
    actor: house.actor,
    asset: 'quay',
    fileName: 'quay.sarif',
    body: bodyOf(text),
    ...more,
  })
const list = async () =>
  (await listImportViews(house.db, { organizationId: house.organizationId, page: { after: null, limit: 50 } })).items

/** A body of which nothing more comes until `go` is called. */
function slowBody() {
  let go = (): void => undefined
  let arrived = (): void => undefined
  const half = new Promise<void>((resolve) => (arrived = resolve))
  const rest = new Promise<void>((resolve) => (go = resolve))
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(report.slice(0, 10_000))
    arrived()
    await rest
    yield Buffer.from(report.slice(10_000))
  }
  return { body: body(), half, go: () => go() }
}

describe('an import that runs', () => {
  test('is in the list before its report has come, says how far it is, and is known by the key of its sender', async () => {
    const { body, half, go } = slowBody()
    const progressKey = crypto.randomUUID()
    const running = take({ body, progressKey, bodyBytes: report.length })
    await half
    await expect.poll(async () => (await list())[0]?.progress?.bytes_read, { timeout: 5000 }).toBe(10_000)
    const [seen] = await list()
    expect(seen).toMatchObject({ state: 'running', file_name: 'quay.sarif', created_by: 'Ines Okafor' })
    const key = { organizationId: house.organizationId, progressKey }
    const progress = { stage: 'receiving', bytes_read: 10_000, bytes_total: report.length, findings_read: 0 }
    expect(await getImportProgress(house.deps, key)).toEqual({ import_id: seen?.id, progress })
    go()
    const done = await running
    expect(done).toMatchObject({ id: seen?.id, state: 'applied', progress: null })
    expect(await getImportProgress(house.deps, key)).toEqual({ import_id: null, progress: null })
  })

  test('goes through its stages in order, each counting up', async () => {
    const told: ImportProgress[] = []
    await take({ bodyBytes: report.length, onProgress: (progress: ImportProgress) => told.push(progress) })
    const stages = told.map(({ stage }) => stage)
    const order = stages.filter((stage, index) => stage !== stages[index - 1])
    expect(order).toEqual(['receiving', 'reading', 'comparing', 'writing'])
    for (const stage of ['receiving', 'reading', 'writing'] as const) {
      const bytes = told.filter((one) => one.stage === stage).map(({ bytesRead }) => bytesRead)
      expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
      expect(bytes.at(-1)).toBe(report.length)
    }
    expect(told.findLast(({ stage }) => stage === 'reading')?.findingsRead).toBe(250)
    expect(told.at(-1)?.findingsRead).toBe(250)
  })

  test('and is broken off by its sender says so in the list', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(report.slice(0, 10_000))
      throw new Error('The line went dead.')
    }
    await expect(take({ body: broken() })).rejects.toThrow('The line went dead.')
    expect(await list()).toMatchObject([{ state: 'failed', reason: brokenOff, progress: null }])
  })

  test('whose process was killed is ended by the sweep, once it has been silent for long enough', async () => {
    const { organizationId, assetId, deps } = house
    const id = deps.newId()
    const row = { organizationId, id, assetId, branch: 'main', commitHash: null, scope: 'full' } as const
    const progress = await beginImport(deps, {
      beginning: { ...row, fileName: 'quay.sarif', source: 'cli', memberId: null, tokenId: null },
      watch: { clientKey: null, bytesTotal: null, onProgress: undefined },
    })
    await progress.end()
    await endDeadImports(deps)
    expect(await getImport(deps, { organizationId, id })).toMatchObject({ state: 'running' })
    await silence(id)
    await endDeadImports(deps)
    const ended = await getImport(deps, { organizationId, id })
    expect(ended).toMatchObject({ state: 'failed', reason: brokenOff, progress: null })
  })

  test('is not taken for dead while its transaction lives, and one that was being applied waits again', async () => {
    const { organizationId, deps } = house
    const preview = await take({ preview: true })
    const start = { stage: 'writing', bytes_read: 0, findings_read: 0 } as const
    await house.db
      .insertInto('import_progress')
      .values({ organization_id: organizationId, import_id: preview.id, ...start })
      .execute()
    await silence(preview.id)
    const tx = await house.db.startTransaction().execute()
    await tx.updateTable('import').set({ updated_at: new Date() }).where('id', '=', preview.id).execute()
    await endDeadImports(deps)
    expect(await getImport(deps, { organizationId, id: preview.id })).toMatchObject({ progress: { stage: 'writing' } })
    await tx.rollback().execute()
    await endDeadImports(deps)
    expect(await getImport(deps, { organizationId, id: preview.id })).toMatchObject({
      state: 'previewed',
      progress: null,
    })
  })

  const silence = (id: string) =>
    house.db
      .updateTable('import_progress')
      .set({ beat_at: new Date(Date.now() - 3600_000) })
      .where('import_id', '=', id)
      .execute()
})

describe('the report of an import', () => {
  const textOf = async (importId: string): Promise<string> => {
    const auditor = { ...house.actor, ipAddress: null }
    const { chunks: parts } = await openReportFile(house.deps, { ...house, importId, actor: auditor })
    return (await buffer(parts)).toString()
  }
  const chunks = async (importId: string) =>
    house.db.selectFrom('import_file_chunk').select('data').where('import_id', '=', importId).execute()

  test('is kept sealed for its days after it was applied, byte by byte as it came, and who took it is written down', async () => {
    const [direct, preview] = [await take(), await take({ preview: true, branch: 'next' })]
    const decided = await applyImport(house.deps, { ...house, importId: preview.id })
    for (const one of [direct, decided]) {
      expect(one).toMatchObject({ state: 'applied', has_file: true })
      const days = (Date.parse(one.file_kept_until ?? '') - Date.parse(one.applied_at ?? '')) / 86_400_000
      expect(days).toBe(30)
      expect(await textOf(one.id)).toBe(report)
      expect(Buffer.concat((await chunks(one.id)).map(({ data }) => data)).includes('src/1.ts')).toBe(false)
    }
    const audit = await house.db
      .selectFrom('audit_event')
      .select(['action', 'target_id'])
      .where('organization_id', '=', house.organizationId)
      .where('action', '=', 'import.file_downloaded')
      .orderBy('created_at')
      .execute()
    expect(audit.map((row) => row.target_id)).toEqual([direct.id, decided.id])
  })

  test('goes by the clean-up when its time is over, and never for somebody who keeps none', async () => {
    const kept = await take()
    const until = new Date(kept.file_kept_until ?? '')
    await deleteLeftovers(house.db, new Date(until.getTime() - 1000))
    expect(await chunks(kept.id)).not.toEqual([])
    await deleteLeftovers(house.db, new Date(until.getTime() + 1000))
    expect(await chunks(kept.id)).toEqual([])
    const gone = await getImport(house.deps, { organizationId: house.organizationId, id: kept.id })
    expect(gone).toMatchObject({ state: 'applied', has_file: false, file_kept_until: null })
    await expect(textOf(kept.id)).rejects.toMatchObject({ code: 'not_found' })

    house.deps.keepFileDays = 0
    const none = await take({ branch: 'none' })
    const preview = await take({ branch: 'next', preview: true })
    expect([none.has_file, preview.has_file]).toEqual([false, true])
    expect(await applyImport(house.deps, { ...house, importId: preview.id })).toMatchObject({ has_file: false })
    expect([...(await chunks(none.id)), ...(await chunks(preview.id))]).toEqual([])
  })

  test('of a discarded import goes at once', async () => {
    const preview = await take({ preview: true })
    expect(await discardImport(house.deps, { ...house, importId: preview.id })).toMatchObject({ has_file: false })
    expect(await chunks(preview.id)).toEqual([])
  })
})
