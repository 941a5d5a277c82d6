import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { deleteKeptFiles } from '../../../store/security/old-imports.ts'
import { applyImport, discardImport } from './apply-import.ts'
import { getImportLog } from './get-import-log.ts'
import { bodyOf, createImportFixture, sarifOf } from './import.fixture.ts'
import { importReport } from './import-report.ts'
import { undoImport } from './undo-import.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(() => open.close())
beforeEach(async () => {
  house = await createImportFixture(open)
})

const reportOf = (from: number, to: number, more: object = {}) =>
  sarifOf(Array.from({ length: to - from }, (_, index) => ({ file: `src/${from + index}.ts`, line: 3, ...more })))
const take = (text: string, more: object = {}) =>
  importReport(house.deps, { ...house, asset: 'quay', fileName: 'quay.sarif', body: bodyOf(text), ...more })
const read = async (importId: string) => (await getImportLog(house.deps, { ...house, importId })).lines
const kinds = async (importId: string) => (await read(importId)).map(({ kind }) => kind)

const stages = ['receiving', 'reading', 'recognised', 'comparing', 'judged', 'writing']

test('tells what came, stage by stage with bytes and findings, what the guard said, and who applied it', async () => {
  const text = reportOf(0, 24)
  const { id } = await take(text)
  const lines = await read(id)
  expect(lines.map(({ kind }) => kind)).toEqual(['received', ...stages, 'applied'])
  expect(lines[0]).toMatchObject({ actor: 'Ines Okafor', detail: 'quay.sarif' })
  expect(lines.find(({ kind }) => kind === 'receiving')).toMatchObject({ bytes: text.length, findings: null })
  expect(lines.find(({ kind }) => kind === 'reading')).toMatchObject({ bytes: text.length, findings: 24 })
  expect(lines.find(({ kind }) => kind === 'recognised')?.detail).toMatch(/SARIF.* · Lantern 1\.2$/)
  expect(lines.find(({ kind }) => kind === 'comparing')).toMatchObject({ bytes: null, findings: 24 })
  expect(lines.find(({ kind }) => kind === 'writing')).toMatchObject({ findings: 24 })
  expect(lines.find(({ kind }) => kind === 'judged')?.detail).toBeNull()
  expect(lines.at(-1)?.actor).toBe('Ines Okafor')
  for (const { kind, duration_seconds: duration } of lines)
    expect(duration === null).toBe(!['receiving', 'reading', 'comparing', 'writing'].includes(kind))
  const times = lines.map(({ at }) => at)
  expect(times).toEqual(times.toSorted())
})

test('warns of what the file holds and Weir does not read', async () => {
  const { id } = await take(reportOf(0, 2, { more: { fixes: [{}] } }))
  const { unread } = await house.db
    .selectFrom('import')
    .select('unread')
    .where('organization_id', '=', house.organizationId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const warned = (await read(id)).filter(({ kind }) => kind === 'warned').map(({ detail }) => detail)
  expect(warned.length).toBeGreaterThan(0)
  expect(warned).toEqual(unread)
})

test('a preview in doubt says so, and tells who applied it against the guard, and who took it back', async () => {
  await take(reportOf(0, 24))
  const preview = await take(reportOf(20, 25), { preview: true })
  expect(preview).toMatchObject({ state: 'previewed', doubtful: true, error_code: 'import_held' })
  const applied = await applyImport(house.deps, { ...house, importId: preview.id })
  expect(applied).toMatchObject({ state: 'applied', doubtful: false, error_code: null })
  expect(applied.reason).toMatch(
    /^Its preview was in doubt, and applied all the same\. The report would close 20 of 24/,
  )
  await undoImport(house.deps, { ...house, importId: preview.id })
  expect(await kinds(preview.id)).toEqual([
    'received',
    ...stages,
    'previewed',
    'confirmed',
    'reading',
    'comparing',
    'judged',
    'writing',
    'applied',
    'undone',
  ])
  const lines = await read(preview.id)
  expect(lines.find(({ kind }) => kind === 'confirmed')).toMatchObject({
    actor: 'Ines Okafor',
    detail: expect.stringMatching(/would close 20 of 24.*scanned\.$/),
  })
  expect(lines.at(-1)).toMatchObject({ kind: 'undone', actor: 'Ines Okafor' })
  const audited = await house.db
    .selectFrom('audit_event')
    .select('action')
    .where('target_id', '=', preview.id)
    .execute()
  expect(audited.map(({ action }) => action)).toEqual(['import.forced', 'import.undone'])
})

test('a preview without a doubt is none', async () => {
  await take(reportOf(0, 24))
  const preview = await take(reportOf(0, 23), { preview: true, scope: 'partial' })
  expect(preview).toMatchObject({ state: 'previewed', doubtful: false, error_code: null })
  expect(preview.reason).toMatch(/^1 finding is not in the report and stays open/)
})

test('tells of a refusal, of a preview thrown away, and of a report whose time is over', async () => {
  await expect(take('{"lanterns":[1]}')).rejects.toThrow('JSON of a kind')
  const [failed] = await house.db
    .selectFrom('import')
    .select('id')
    .where('organization_id', '=', house.organizationId)
    .execute()
  const lines = await read(failed?.id ?? '')
  expect(lines.map(({ kind }) => kind)).toEqual(['received', 'receiving', 'failed'])
  expect(lines.at(-1)?.detail).toMatch(/JSON of a kind/)

  const preview = await take(reportOf(0, 3), { preview: true })
  await discardImport(house.deps, { ...house, importId: preview.id })
  expect((await read(preview.id)).slice(-2)).toMatchObject([
    { kind: 'discarded', actor: 'Ines Okafor' },
    { kind: 'file_deleted', actor: null },
  ])

  const { id } = await take(reportOf(0, 3))
  const now = new Date(house.deps.clock().getTime() + 31 * 24 * 3600_000)
  await deleteKeptFiles(house.db, { organizationId: house.organizationId, now })
  expect((await read(id)).at(-1)).toMatchObject({ kind: 'file_deleted', at: now.toISOString() })
})
