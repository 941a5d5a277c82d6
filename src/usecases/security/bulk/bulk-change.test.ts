import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Change } from '../../../../contract/security/bulk-changes.ts'
import { createTestDatabase } from '../../../../test/database.ts'
import { severities } from '../../../domain/severity.ts'
import { statuses } from '../../../domain/status.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { bodyOf, sarifOf } from '../imports/import.fixture.ts'
import { importReport } from '../imports/import-report.ts'
import { undoImport } from '../imports/undo-import.ts'
import { moveVulnerability } from '../vulnerabilities/move-vulnerability.ts'
import { createBulkHouse } from './bulk-change.fixture.ts'
import { cancelBulkChange, undoBulkChange } from './control-bulk-change.ts'
import { listBulkChangeItems, listBulkChanges } from './get-bulk-change.ts'
import { previewBulkChange } from './preview-bulk-change.ts'
import { runBatch, runBulkChange } from './run-bulk-change.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createBulkHouse>>
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())

const decline: Change = { kind: 'move', to: 'false_positive', reason: 'Only in tests' }

describe('a change of many', () => {
  beforeAll(async () => {
    house = await createBulkHouse(open)
  })

  test('moves each once, with one line in its history, and lists what the table of moves refuses', async () => {
    const moved = await house.add(450)
    const accepted = await house.add(2, { status: 'risk_accepted' })
    const fixed = await house.add(3, { status: 'fixed' })
    const [already = ''] = await house.add(1, { status: 'false_positive' })
    const ids = [...moved, ...accepted, ...fixed, already]
    const preview = await previewBulkChange(house.deps, { asker: house.asker(), request: { ids, change: decline } })
    const counts = { total: 456, changed: 452, unchanged: 1, refused: 3 }
    expect(preview).toEqual({
      ...counts,
      needs: [],
      groups: [
        { state: 'refused', reason: 'From "fixed" there is no move to "false positive" for you.', count: 3 },
        { state: 'unchanged', reason: 'It is false positive already.', count: 1 },
      ],
    })
    const done = await house.doIt({ ids, change: decline })
    expect(done).toMatchObject({ state: 'done', ...counts, summary: 'Status: False positive', reason: 'Only in tests' })
    const events = await house.events(done.id)
    expect(new Set(events.map((event) => event.vulnerability_id))).toEqual(new Set([...moved, ...accepted]))
    expect(events).toHaveLength(452)
    expect(events[0]).toMatchObject({ kind: 'status', reason: 'Only in tests', actor_name: 'Ines Okafor' })
    const query = { state: ['refused' as const], limit: 2 }
    const first = await listBulkChangeItems(house.deps, { asker: house.asker(), id: done.id, query })
    const cursor = first.next ?? ''
    const second = await listBulkChangeItems(house.deps, {
      asker: house.asker(),
      id: done.id,
      query: { ...query, cursor },
    })
    expect([...first.items, ...second.items].map((item) => item.vulnerability.id)).toEqual(fixed.toSorted())
    expect(second.next).toBeNull()
  })

  test('is about what matched when it was asked for: later ones are not swept up', async () => {
    await house.add(3, { branch: 'tide' })
    const filters = { branch: 'tide' }
    const asked = await house.start({ filters, change: { kind: 'move', to: 'in_progress' } })
    await house.add(2, { branch: 'tide' })
    expect(await house.run(asked.id)).toMatchObject({ total: 3, changed: 3 })
    const rows = (await house.read()).filter((row) => row.branch === 'tide')
    const statusesOf = rows.map((row) => row.status).toSorted()
    expect(statusesOf).toEqual(['identified', 'identified', 'in_progress', 'in_progress', 'in_progress'])
  })

  test('that somebody else changed meanwhile is a conflict, and stays theirs', async () => {
    const [id = '', other = ''] = await house.add(2)
    const asked = await house.start({ ids: [id, other], change: decline })
    const viewer = { memberId: house.memberId, role: 'champion' as const }
    const { organizationId, actor } = house
    await moveVulnerability(house.deps, { organizationId, id, viewer, actor, to: 'in_progress' })
    expect(await house.run(asked.id)).toMatchObject({ changed: 1, refused: 1 })
    const items = await listBulkChangeItems(house.deps, { asker: house.asker(), id: asked.id, query: {} })
    expect(items.items.find((item) => item.vulnerability.id === id)?.reason).toBe(
      'Somebody changed its status in the meantime: it is in progress now.',
    )
  })

  test('goes on where it was after a death between or within batches, and twice is once', async () => {
    const ids = await house.add(500)
    const { id: bulkChangeId } = await house.start({ ids, change: decline })
    const key = { organizationId: house.organizationId, bulkChangeId }
    await house.db.transaction().execute((tx) => runBatch(house.deps, tx, key))
    const dying = house.db.transaction().execute(async (tx) => {
      await runBatch(house.deps, tx, key)
      throw new Error('killed')
    })
    await expect(dying).rejects.toThrow('killed')
    await Promise.all([runBulkChange(house.deps, key), runBulkChange(house.deps, key)])
    expect(await house.run(bulkChangeId)).toMatchObject({ state: 'done', changed: 500, refused: 0 })
    expect(await house.events(bulkChangeId)).toHaveLength(500)
  })

  test('stops when it is told to; what is done stays done', async () => {
    const ids = await house.add(300)
    const { id } = await house.start({ ids, change: decline })
    const key = { organizationId: house.organizationId, bulkChangeId: id }
    await house.db.transaction().execute((tx) => runBatch(house.deps, tx, key))
    await cancelBulkChange(house.deps, { asker: house.asker(), auditor: house.auditor, id })
    expect(await house.run(id)).toMatchObject({ state: 'cancelled', total: 300, changed: 200 })
    expect(await house.events(id)).toHaveLength(200)
  })

  test('ends where the member who asked may no longer do it', async () => {
    const ids = await house.add(2)
    const { id } = await house.start({ ids, change: decline })
    const setRole = async (role: 'viewer' | 'champion') =>
      house.db.updateTable('member').set({ role }).where('id', '=', house.memberId).execute()
    await setRole('viewer')
    expect(await house.run(id)).toMatchObject({
      state: 'cancelled',
      stop_reason: 'Ines Okafor has the role viewer by now, which does not allow this.',
      changed: 0,
      refused: 0,
    })
    await setRole('champion')
  })

  test('an undo ends where who asked may no longer do what it takes back', async () => {
    const ids = await house.add(2)
    const done = await house.doIt({ ids, change: { kind: 'tags', add: ['quay'], remove: [] } })
    const { db, deps, auditor, memberId } = house
    const { id } = await undoBulkChange(deps, { asker: house.asker(), auditor, id: done.id })
    const setRole = async (role: 'developer' | 'champion') =>
      db.updateTable('member').set({ role }).where('id', '=', memberId).execute()
    await setRole('developer')
    expect(await house.run(id)).toMatchObject({ state: 'cancelled', changed: 0, refused: 0 })
    await setRole('champion')
  })

  test('an untouched vulnerability of an undone import goes, though a change refused it', async () => {
    const { deps, organizationId, actor } = house
    const body = bodyOf(sarifOf([{ rule: 'rusty-lock' }]))
    const made = await importReport(deps, { organizationId, actor, asset: 'quay', branch: 'gone', body })
    const [row] = (await house.read()).filter((one) => one.rule_id === 'rusty-lock')
    const done = await house.doIt({ ids: [row?.id ?? ''], change: { kind: 'send' } })
    expect(done).toMatchObject({ refused: 1 })
    await undoImport(deps, { organizationId, importId: made.id, actor })
    expect((await house.read()).filter((one) => one.rule_id === 'rusty-lock')).toEqual([])
  })
})

describe('who may', () => {
  const cases: readonly (readonly ['champion' | 'developer' | 'viewer', Change, string | null])[] = [
    ['champion', decline, null],
    ['developer', { kind: 'move', to: 'in_progress' }, null],
    ['developer', decline, 'forbidden'],
    ['developer', { kind: 'move', to: 'risk_accepted', reason: 'x', accepted_until: '2030-01-01' }, 'forbidden'],
    ['developer', { kind: 'assign', assignee_id: null }, 'forbidden'],
    ['developer', { kind: 'tags', add: ['a'], remove: [] }, 'forbidden'],
    ['developer', { kind: 'severity', severity: 'low', reason: 'x' }, 'forbidden'],
    ['developer', { kind: 'send' }, 'forbidden'],
    ['viewer', { kind: 'move', to: 'in_progress' }, 'forbidden'],
    ['champion', { kind: 'move', to: 'false_positive' }, 'reason_required'],
    ['champion', { kind: 'move', to: 'risk_accepted', reason: 'x', accepted_until: '2020-01-01' }, 'validation_failed'],
    ['champion', { kind: 'tags', add: [], remove: [] }, 'validation_failed'],
    ['champion', { kind: 'assign', assignee_id: '019b0000-0000-7000-8000-000000000000' }, 'validation_failed'],
  ]
  test.each(cases)('%s, %j: %s', async (role, change, code) => {
    const [id = ''] = await house.add(1)
    const asked = house.start({ ids: [id], change }, role)
    if (code === null) expect(await asked).toMatchObject({ total: 1 })
    else await expect(asked).rejects.toMatchObject({ code })
  })

  test('a developer takes back their own change and nobody else’s', async () => {
    const [id = '', other = ''] = await house.add(2)
    const own = await house.doIt({ ids: [id], change: { kind: 'move', to: 'in_progress' } })
    const others = await house.doIt({ ids: [other], change: decline })
    const asDeveloper = { asker: house.asker('developer'), auditor: house.auditor }
    await expect(undoBulkChange(house.deps, { ...asDeveloper, id: others.id })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(await undoBulkChange(house.deps, { ...asDeveloper, id: own.id })).toMatchObject({ kind: 'undo' })
  })
})

describe('another organization', () => {
  test('is neither changed by filters, nor seen, nor named by an id', async () => {
    const other = await createBulkHouse(open)
    const [theirs = ''] = await other.add(1)
    const [mine = ''] = await house.add(1)
    await expect(house.start({ ids: [mine, theirs], change: decline })).rejects.toMatchObject({ code: 'not_found' })
    await expect(house.start({ filters: { asset_id: [other.assetId] }, change: decline })).rejects.toMatchObject({
      code: 'validation_failed',
    })
    const done = await other.doIt({ filters: {}, change: decline })
    expect(done).toMatchObject({ total: 1, changed: 1 })
    const listed = await listBulkChanges(house.deps, { asker: house.asker(), query: { limit: 200 } })
    expect(listed.items.map((item) => item.id)).not.toContain(done.id)
    const asked = { asker: house.asker(), auditor: house.auditor, id: done.id }
    await expect(undoBulkChange(house.deps, asked)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('taking back', () => {
  const undo = async (id: string) => {
    const made = await undoBulkChange(house.deps, { asker: house.asker(), auditor: house.auditor, id })
    return house.run(made.id)
  }

  test('leaves what somebody touched since, and says who', async () => {
    const [id = '', other = ''] = await house.add(2)
    const done = await house.doIt({ ids: [id, other], change: decline })
    const viewer = { memberId: house.memberId, role: 'champion' as const }
    const { organizationId, actor } = house
    const move = { organizationId, id, viewer, actor: { ...actor, name: 'Tom Reed' } }
    await moveVulnerability(house.deps, { ...move, to: 'identified', reason: 'Not only there' })
    const undone = await undo(done.id)
    expect(undone).toMatchObject({
      changed: 1,
      refused: 1,
      undoes: done.id,
      summary: 'Undo of: Status: False positive',
    })
    const items = await listBulkChangeItems(house.deps, {
      asker: house.asker(),
      id: undone.id,
      query: { state: ['refused'] },
    })
    expect(items.items).toMatchObject([{ vulnerability: { id }, reason: 'Tom Reed changed it since.' }])
    const again = undoBulkChange(house.deps, { asker: house.asker(), auditor: house.auditor, id: done.id })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
  })

  test('is possible for seven days', async () => {
    const ids = await house.add(1)
    const done = await house.doIt({ ids, change: decline })
    const finished_at = new Date(house.deps.clock().getTime() - 8 * 24 * 3600 * 1000)
    await house.db.updateTable('bulk_change').set({ finished_at }).where('id', '=', done.id).execute()
    await expect(undo(done.id)).rejects.toMatchObject({ detail: 'It ended more than 7 days ago.' })
  })

  const change = fc.oneof(
    fc
      .constantFrom(...statuses)
      .map((to): Change => ({ kind: 'move', to, reason: 'All at once', accepted_until: '2031-05-06' })),
    fc.constantFrom(true, false).map((isMe): Change => {
      return { kind: 'assign', assignee_id: isMe ? house.memberId : null }
    }),
    fc
      .subarray(['a', 'b', 'c', 'd'], { minLength: 1 })
      .map((tags): Change => ({ kind: 'tags', add: tags.slice(1), remove: tags.slice(0, 1) })),
    fc.constantFrom(...severities).map((severity): Change => ({ kind: 'severity', severity, reason: 'Seen by us' })),
  )

  test('any change that is taken back leaves everything as it was', async () => {
    const mixed = await createBulkHouse(open)
    for (const status of statuses) await mixed.add(3, { status })
    // Changes are made up for the house of the moment.
    house = mixed
    const withoutTrace = async () =>
      (await mixed.read()).map(({ version: _version, updated_at: _updated, ...row }) => ({ ...row }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        // What came before the change that is taken back is what it is taken back to.
        for (const one of changes.slice(1)) await mixed.doIt({ filters: {}, change: one }).catch(() => undefined)
        const before = await withoutTrace()
        const [last] = changes
        if (last === undefined || (last.kind === 'move' && ['created', 'suppressed'].includes(last.to))) return
        const done = await mixed.doIt({ filters: {}, change: last })
        if (done.changed > 0) await undo(done.id)
        expect(await withoutTrace()).toEqual(before)
      }),
      { numRuns: 12 },
    )
  })
})
