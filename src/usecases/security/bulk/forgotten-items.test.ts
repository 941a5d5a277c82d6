import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { deleteLeftovers } from '../../../store/access/leftovers.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createBulkHouse } from './bulk-change.fixture.ts'
import { undoBulkChange } from './control-bulk-change.ts'
import { getBulkChange, listBulkChangeItems } from './get-bulk-change.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createBulkHouse>>
beforeAll(async () => {
  open = await createTestDatabase()
})
beforeEach(async () => {
  house = await createBulkHouse(open)
})
afterAll(async () => open.close())

const decline = { kind: 'move' as const, to: 'false_positive' as const, reason: 'Only in tests' }
const change = async (count: number) => house.doIt({ ids: await house.add(count), change: decline })
const endedAgo = async (id: string, days: number) => {
  const finished_at = new Date(house.deps.clock().getTime() - days * 24 * 3600_000)
  await house.db.updateTable('bulk_change').set({ finished_at }).where('id', '=', id).execute()
}
const sweep = () => deleteLeftovers(house.db, house.deps.clock())
const look = async (id: string) => {
  const asker = house.asker()
  const { items } = await listBulkChangeItems(house.deps, { asker, id, query: {} })
  const { items_kept, changed, undo } = await getBulkChange(house.deps, { asker, id })
  return { lines: items.length, items_kept, changed, canUndo: undo.available }
}

test('the lines of a bulk change go thirty days after its end, in batches; the change, its numbers and the history stay', async () => {
  const [old, young] = [await change(1200), await change(2)]
  await endedAgo(old.id, 31)
  await endedAgo(young.id, 29)
  await sweep()
  expect(await look(old.id)).toEqual({ lines: 0, items_kept: false, changed: 1200, canUndo: false })
  expect(await look(young.id)).toEqual({ lines: 2, items_kept: true, changed: 2, canUndo: false })
  expect(await house.events(old.id)).toHaveLength(1200)
  const rows = house.db.selectFrom('bulk_change').select('items_kept').where('id', '=', old.id)
  expect(await rows.executeTakeFirst()).toEqual({ items_kept: false })
})

test('a page says that they are gone from the thirtieth day on, whether the clean-up was there already or not', async () => {
  const { id } = await change(1)
  await endedAgo(id, 31)
  expect(await look(id)).toMatchObject({ lines: 1, items_kept: false })
})

test('what an undo that is not finished still reads stays until it is', async () => {
  const { id } = await change(3)
  const { id: undoId } = await undoBulkChange(house.deps, { asker: house.asker(), auditor: house.auditor, id })
  await endedAgo(id, 31)
  await sweep()
  expect(await look(id)).toMatchObject({ lines: 3 })
  expect(await house.run(undoId)).toMatchObject({ state: 'done', changed: 3 })
  await sweep()
  expect(await look(id)).toMatchObject({ lines: 0 })
  expect(await look(undoId)).toMatchObject({ lines: 3, items_kept: true })
})

test('lines of what runs or of another organization are left alone', async () => {
  const other = await createBulkHouse(open)
  const [theirs, running] = [
    await other.doIt({ ids: await other.add(1), change: decline }),
    await house.start({ ids: await house.add(1), change: decline }),
  ]
  const { id } = await change(1)
  await endedAgo(id, 31)
  await sweep()
  expect(await look(running.id)).toMatchObject({ lines: 1, items_kept: true })
  const kept = house.db.selectFrom('bulk_change_item').select('state').where('bulk_change_id', '=', theirs.id)
  expect(await kept.execute()).toHaveLength(1)
})
