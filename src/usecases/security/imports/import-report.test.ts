import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { listAuditEvents } from '../../../store/access/audit-events.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { applyImport, discardImport } from './apply-import.ts'
import { bodyOf, createImportFixture, type FakeResult, sarifOf } from './import.fixture.ts'
import { importReport } from './import-report.ts'
import { undoImport } from './undo-import.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  house = await createImportFixture(open)
})

const take = (text: string | Uint8Array, more: object = {}) =>
  importReport(house.deps, {
    organizationId: house.organizationId,
    actor: house.actor,
    asset: 'quay',
    fileName: 'scan.sarif',
    body: bodyOf(text),
    ...more,
  })
const many = (count: number, more: (index: number) => FakeResult = () => ({})): FakeResult[] =>
  Array.from({ length: count }, (_, index) => ({ file: `src/door-${index}.ts`, line: 10 + index, ...more(index) }))
const statuses = async () =>
  (
    await house.db
      .selectFrom('vulnerability')
      .select(['path', 'status'])
      .where('organization_id', '=', house.organizationId)
      .orderBy('number')
      .execute()
  ).map((row) => `${row.path} ${row.status}`)

/** What the audit log says of imports, newest first. */
const audited = async () => {
  const rows = await listAuditEvents(house.db, house.organizationId, { after: null, limit: 100 })
  const imports = rows.filter(({ target_kind: kind }) => kind === 'import')
  return imports.map(({ action, target_name: name }) => ({ action, name }))
}

describe('an import', () => {
  test('makes one vulnerability a result, with its history, and counts them all', async () => {
    const done = await take(sarifOf(many(3)))
    expect(done).toMatchObject({
      state: 'applied',
      tool: 'Lantern',
      tool_version: '1.2',
      branch: 'main',
      format: 'sarif',
      can_undo: true,
    })
    expect(done.counts).toEqual({
      results: 3,
      new: 3,
      merged: 0,
      known: 0,
      kept: 0,
      reopened: 0,
      closed: 0,
      suppressed: 0,
      skipped: 0,
      sent: 0,
    })
    expect(await statuses()).toEqual([
      'src/door-0.ts identified',
      'src/door-1.ts identified',
      'src/door-2.ts identified',
    ])
    const events = await house.db
      .selectFrom('vulnerability_event')
      .select(['kind', 'actor_kind', 'actor_name'])
      .where('organization_id', '=', house.organizationId)
      .execute()
    expect(events).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'found', actor_kind: 'scan', actor_name: 'Lantern' })),
    )
  })

  test('of the same file again changes nothing and says so', async () => {
    await take(sarifOf(many(4)))
    const before = await dump()
    const again = await take(sarifOf(many(4)))
    expect(again).toMatchObject({ state: 'unchanged', reason: expect.stringContaining('nothing has changed') })
    expect(again.counts).toMatchObject({ results: 4, kept: 4, new: 0, closed: 0 })
    expect(await dump()).toEqual(before)
  })

  test('knows findings again whose lines moved, and writes the new line', async () => {
    await take(sarifOf(many(2, () => ({ snippet: 'door.open()' }))))
    const moved = await take(sarifOf(many(2, (index) => ({ line: 90 + index, snippet: '  door.open() ' }))))
    expect(moved.counts).toMatchObject({ kept: 2, new: 0, closed: 0 })
    const lines = await house.db
      .selectFrom('vulnerability')
      .select('line')
      .where('organization_id', '=', house.organizationId)
      .orderBy('line')
      .execute()
    expect(lines).toEqual([{ line: 90 }, { line: 91 }])
  })

  test('closes what a later report no longer has, and reopens what comes back', async () => {
    await take(sarifOf(many(3)))
    const less = await take(sarifOf(many(2)))
    expect(less.counts).toMatchObject({ kept: 2, closed: 1 })
    expect(await statuses()).toContain('src/door-2.ts fixed')
    const back = await take(sarifOf(many(3)))
    expect(back.counts).toMatchObject({ kept: 2, reopened: 1, closed: 0, new: 0 })
    expect(await statuses()).toContain('src/door-2.ts identified')
    const moves = await house.db
      .selectFrom('vulnerability_event')
      .select(['before', 'after', 'reason'])
      .where('organization_id', '=', house.organizationId)
      .where('kind', '=', 'status')
      .orderBy('id')
      .execute()
    expect(moves).toEqual([
      { before: { status: 'identified' }, after: { status: 'fixed' }, reason: 'No longer reported by Lantern' },
      { before: { status: 'fixed' }, after: { status: 'identified' }, reason: 'Reported again by Lantern' },
    ])
  })

  test('takes what a developer closed for fixed when the report no longer has it, and leaves decisions alone', async () => {
    await take(sarifOf(many(3)))
    await setStatus('src/door-1.ts', 'awaiting_validation')
    await setStatus('src/door-2.ts', 'risk_accepted')
    await take(sarifOf(many(1)))
    expect(await statuses()).toEqual(['src/door-0.ts identified', 'src/door-1.ts fixed', 'src/door-2.ts risk_accepted'])
  })

  test('of another scanner, another branch or a part of the code closes nothing', async () => {
    await take(sarifOf(many(3)))
    expect((await take(sarifOf(many(1), 'Beacon'))).counts).toMatchObject({ new: 1, closed: 0 })
    expect((await take(sarifOf([]), { branch: 'work' })).counts).toMatchObject({ closed: 0 })
    const part = await take(sarifOf(many(1)), { scope: 'partial' })
    expect(part).toMatchObject({
      counts: { kept: 1, closed: 0 },
      reason: expect.stringContaining('2 findings are not in the report and stay open'),
    })
  })

  test('with a result that is too long to be read closes nothing, since it may be any of those that are missing', async () => {
    await take(sarifOf(many(3)))
    const long = { file: 'src/door-2.ts', line: 12, text: 'x'.repeat(4 * 1024 * 1024) }
    const report = sarifOf([...many(2), long])
    const previewed = await take(report, { preview: true })
    expect(previewed).toMatchObject({ counts: { kept: 2, closed: 0, skipped: 1 } })
    const done = await take(report)
    expect(done).toMatchObject({
      state: 'applied',
      counts: { results: 3, kept: 2, closed: 0, skipped: 1 },
      unread: [expect.stringContaining('longer than 4,096 kB')],
      reason: expect.stringContaining(
        '1 finding is not in the report and stays open: a part of the report is too long',
      ),
    })
    await applyImport(house.deps, { organizationId: house.organizationId, importId: previewed.id, actor: house.actor })
    expect(await statuses()).toEqual(many(3).map((result) => `${result.file} identified`))
  })

  test('keeps suppressed results apart, and takes them up when they are no longer suppressed', async () => {
    const suppressed = { more: { suppressions: [{ kind: 'inSource', justification: 'known' }] } }
    const first = await take(sarifOf(many(2, (index) => (index === 0 ? suppressed : {}))))
    expect(first.counts).toMatchObject({ results: 2, new: 1, suppressed: 1 })
    expect(await statuses()).toEqual(['src/door-0.ts suppressed', 'src/door-1.ts identified'])
    const second = await take(sarifOf(many(2, (index) => (index === 1 ? suppressed : {}))))
    expect(second.counts).toMatchObject({ reopened: 1, suppressed: 1 })
    expect(await statuses()).toEqual(['src/door-0.ts identified', 'src/door-1.ts suppressed'])
  })

  test('that would close most of an asset, or holds nothing, waits for a person', async () => {
    await take(sarifOf(many(12)))
    const most = await take(sarifOf(many(1)))
    expect(most).toMatchObject({
      state: 'held',
      reason: expect.stringContaining('would close 11 of 12'),
      counts: { closed: 11 },
    })
    const none = await take(sarifOf([]))
    expect(none).toMatchObject({ state: 'held', reason: expect.stringContaining('is empty') })
    expect((await statuses()).every((line) => line.endsWith('identified'))).toBe(true)
    const forced = await applyImport(house.deps, {
      organizationId: house.organizationId,
      importId: most.id,
      actor: house.actor,
    })
    expect(forced).toMatchObject({ state: 'applied', counts: { kept: 1, closed: 11 } })
    expect((await audited())[0]).toEqual({ action: 'import.forced', name: 'scan.sarif' })
    expect((await statuses()).filter((line) => line.endsWith('fixed'))).toHaveLength(11)
    await discardImport(house.deps, { ...house, importId: none.id })
    await expect(
      applyImport(house.deps, { organizationId: house.organizationId, importId: none.id, actor: house.actor }),
    ).rejects.toMatchObject({ code: 'conflict' })
  })

  test('previewed shows every item and does nothing until it is applied', async () => {
    await take(sarifOf(many(3)))
    const before = await dump()
    const preview = await take(sarifOf(many(4).slice(1)), { preview: true })
    expect(preview).toMatchObject({ state: 'previewed', counts: { new: 1, kept: 2, closed: 1 } })
    expect(await dump()).toEqual(before)
    const items = await house.db
      .selectFrom('import_item')
      .select(['position', 'outcome', 'step', 'severity'])
      .where('import_id', '=', preview.id)
      .orderBy('position')
      .execute()
    expect(items).toEqual([
      { position: 0, outcome: 'kept', step: 'content', severity: 'high' },
      { position: 1, outcome: 'kept', step: 'content', severity: 'high' },
      { position: 2, outcome: 'new', step: 'new', severity: 'high' },
      { position: 3, outcome: 'closed', step: 'not_in_report', severity: 'high' },
    ])
    await applyImport(house.deps, { organizationId: house.organizationId, importId: preview.id, actor: house.actor })
    expect(await statuses()).toEqual([
      'src/door-0.ts fixed',
      'src/door-1.ts identified',
      'src/door-2.ts identified',
      'src/door-3.ts identified',
    ])
  })

  test('undone leaves everything as it was before', async () => {
    await take(sarifOf(many(4, () => ({ snippet: 'open()' }))))
    await setStatus('src/door-3.ts', 'awaiting_validation')
    const before = await dump()
    const done = await take(
      sarifOf(
        many(6, (index) => ({ line: 70 + index, level: 'note', snippet: 'open()' })).filter((_, index) => index !== 3),
      ),
    )
    expect(done.counts).toMatchObject({ new: 2, kept: 3, closed: 1 })
    expect(await dump()).not.toEqual(before)
    const undone = await undoImport(house.deps, {
      organizationId: house.organizationId,
      importId: done.id,
      actor: house.actor,
    })
    expect(undone).toMatchObject({ state: 'undone', can_undo: false })
    expect(await dump()).toEqual(before)
  })

  test('undone keeps what a person worked on meanwhile', async () => {
    const done = await take(sarifOf(many(2)))
    const [first] = await house.db
      .selectFrom('vulnerability')
      .select('id')
      .where('organization_id', '=', house.organizationId)
      .orderBy('number')
      .execute()
    const message = {
      organization_id: house.organizationId,
      id: house.deps.newId(),
      vulnerability_id: first?.id ?? '',
      author_kind: 'member' as const,
    }
    await house.db
      .insertInto('message')
      .values({ ...message, author_name: 'Ines Okafor', body: 'Whose door is this?', created_at: new Date() })
      .execute()
    await undoImport(house.deps, { organizationId: house.organizationId, importId: done.id, actor: house.actor })
    expect(await statuses()).toEqual(['src/door-0.ts fixed'])
    expect((await audited()).map(({ action }) => action)).toEqual(['import.undone', 'import.applied'])
  })

  test('cannot be undone once a later one touched the same branch', async () => {
    const first = await take(sarifOf(many(2)))
    await take(sarifOf(many(3)))
    await expect(
      undoImport(house.deps, { organizationId: house.organizationId, importId: first.id, actor: house.actor }),
    ).rejects.toMatchObject({ code: 'import_not_undoable' })
  })

  test('waits for another one into the same branch, so that nothing is made twice', async () => {
    const all = await Promise.all([1, 2, 3].map(() => take(sarifOf(many(40)))))
    expect(all.map((one) => one.state).toSorted()).toEqual(['applied', 'unchanged', 'unchanged'])
    expect(await statuses()).toHaveLength(40)
  })

  test('never holds a secret in clear', async () => {
    const secret = 'hunter2-Zx81-longEnough'
    await take(
      sarifOf([
        { rule: 'hardcoded-password', snippet: `const password = "${secret}"`, text: `Password "${secret}" found.` },
      ]),
    )
    await take(
      sarifOf([
        { rule: 'hardcoded-password', snippet: `const password = "${secret}"`, text: `Password "${secret}" found.` },
      ]),
      { preview: true, branch: 'work' },
    )
    const tables = ['finding', 'vulnerability', 'import_item', 'vulnerability_event', 'import_file_chunk'] as const
    for (const table of tables) {
      const rows = await house.db
        .selectFrom(table)
        .selectAll()
        .where('organization_id', '=', house.organizationId)
        .execute()
      expect(JSON.stringify(rows.map((row) => ('data' in row ? row.data.toString() : row)))).not.toContain(secret)
    }
  })

  test('of an unknown asset names the keys that look like it', async () => {
    await expect(take(sarifOf([]), { asset: 'qay' })).rejects.toMatchObject({
      code: 'not_found',
      detail: expect.stringContaining('quay'),
    })
  })

  test('that cannot be read stays in the list as failed and leaves no file behind', async () => {
    await expect(take('<html>')).rejects.toMatchObject({ code: 'report_not_recognised' })
    await expect(take(sarifOf(many(3)).slice(0, 400))).rejects.toMatchObject({ code: 'report_truncated' })
    const rows = await house.db
      .selectFrom('import')
      .select(['state', 'error_code'])
      .where('organization_id', '=', house.organizationId)
      .orderBy('id')
      .execute()
    expect(rows).toEqual([
      { state: 'failed', error_code: 'report_not_recognised' },
      { state: 'failed', error_code: 'report_truncated' },
    ])
    expect(existsSync(house.deps.tempFolder) ? readdirSync(house.deps.tempFolder) : []).toEqual([])
  })
})

const real = fileURLToPath(new URL('../../../../../shared/real/reports', import.meta.url))
if (!existsSync(real) && process.env['CI'] === undefined) console.log(`${real} is missing: real reports are not tried.`)
describe.runIf(existsSync(real) || process.env['CI'] !== undefined)('every real SARIF report', () => {
  const files = existsSync(real)
    ? readdirSync(real, { recursive: true, encoding: 'utf8' }).filter((name) => /^sarif-.*\.(sarif|json)$/.test(name))
    : ['missing']

  test.each(files)('%s comes in whole, and a second time changes nothing', async (name) => {
    const bytes = readFileSync(join(real, name))
    const held: { runs: { results?: unknown[] }[] } = JSON.parse(bytes.toString())
    const results = held.runs.flatMap((run) => run.results ?? []).length
    const { counts, state } = await take(bytes)
    expect(state).toBe('applied')
    expect(counts.results).toBe(results)
    expect(counts.new + counts.kept + counts.reopened + counts.suppressed + counts.skipped).toBe(results)
    expect(counts.new + counts.suppressed + counts.skipped).toBe(results)
    expect(await statuses()).toHaveLength(counts.new + counts.suppressed)
    expect((await take(bytes)).state).toBe('unchanged')
  })
})

async function setStatus(path: string, status: 'awaiting_validation' | 'risk_accepted'): Promise<void> {
  await house.db
    .updateTable('vulnerability')
    .set({ status })
    .where('organization_id', '=', house.organizationId)
    .where('path', '=', path)
    .execute()
}

/** Everything an import may change, but for the marks that only say that a row was written. */
async function dump() {
  const findings = await house.db
    .selectFrom('finding')
    .selectAll()
    .where('organization_id', '=', house.organizationId)
    .orderBy('id')
    .execute()
  const vulnerabilities = await house.db
    .selectFrom('vulnerability')
    .selectAll()
    .where('organization_id', '=', house.organizationId)
    .orderBy('id')
    .execute()
  return {
    findings,
    vulnerabilities: vulnerabilities.map(({ version: _version, updated_at: _updated, ...row }) => row),
  }
}

test('a large import after a small one in the same session reads no row more often for it', async () => {
  const alone = await createTestDatabase({ poolSize: 1 })
  try {
    const other = await createImportFixture(alone)
    const asked = { organizationId: other.organizationId, actor: other.actor, asset: 'quay' }
    // Ten rows make plans that read whole tables.
    await importReport(other.deps, { ...asked, branch: 'small', body: bodyOf(sarifOf(many(10))) })
    const findings = 6000
    await importReport(other.deps, { ...asked, branch: 'large', body: bodyOf(sarifOf(many(findings))) })
    await alone.pool.query('select pg_stat_force_next_flush()')
    const { rows } = await alone.pool.query(
      `select (sum(idx_tup_read) + (select sum(seq_tup_read) from pg_stat_user_tables where relname = 'vulnerability'))::int as read
       from pg_stat_user_indexes where relname = 'vulnerability'`,
    )
    // The first thousand are checked by the old plan: half a million rows at most. All of them would be 18 million.
    expect(Object(rows[0]).read).toBeLessThan(2_000_000)
  } finally {
    await alone.close()
  }
})
