import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../db.ts'

let database: OpenDatabase
const organization_id = newId()
const [quay, pier, id] = [newId(), newId(), newId()]
beforeAll(async () => {
  database = await createTestDatabase()
  const { db } = database
  await db.insertInto('organization').values({ organization_id, name: 'Harbour' }).execute()
  const assets = [
    { organization_id, id: quay, key: 'quay', name: 'Quay', default_branch: 'main' },
    { organization_id, id: pier, key: 'pier', name: 'Pier', default_branch: 'trunk' },
  ]
  await db.insertInto('asset').values(assets).execute()
  const at = new Date('2026-11-20T12:00:00Z')
  const words = {
    title: 'A door',
    severity: 'high',
    severity_source: 'tool',
    scanner: 'Lantern',
    rule_id: 'door',
  } as const
  const row = {
    organization_id,
    id,
    number: 1,
    asset_id: quay,
    branch: 'main',
    status: 'identified',
    ...words,
  } as const
  await db
    .insertInto('vulnerability')
    .values({ ...row, opened_at: at, last_seen_at: at })
    .execute()
})
afterAll(async () => database.close())

const update = async (values: {
  branch?: string
  asset_id?: string
  last_seen_at?: Date
  due_at?: Date
  title?: string
}) => database.db.updateTable('vulnerability').set(values).where('id', '=', id).execute()
const isOnDefault = async () => {
  const row = database.db.selectFrom('vulnerability').select('on_default_branch as is').where('id', '=', id)
  const counted = await database.pool.query(
    'select on_default_branch as is, sum(amount)::int as amount from vulnerability_count_change group by 1 having sum(amount) <> 0',
  )
  expect(counted.rows).toEqual([{ ...(await row.executeTakeFirstOrThrow()), amount: 1 }])
  return (await row.executeTakeFirstOrThrow()).is
}

test('what moves to another branch or asset is told whether that is the default one, and counted there', async () => {
  expect(await isOnDefault()).toBe(true)
  await update({ branch: 'feature' })
  expect(await isOnDefault()).toBe(false)
  await update({ branch: 'trunk', asset_id: pier })
  expect(await isOnDefault()).toBe(true)
  await update({ branch: 'main' })
  expect(await isOnDefault()).toBe(false)
})

test('the words of a vulnerability are worked out when what they are made of changes, and at no other time', async () => {
  await database.pool.query(`
    create or replace function vulnerability_words(title text, rule_id text, path text, aliases text[]) returns tsvector
    language plpgsql immutable as $$ begin raise exception 'worked out anew'; end $$`)
  await update({ last_seen_at: new Date('2026-11-21T12:00:00Z') })
  await update({ due_at: new Date('2026-12-21T12:00:00Z') })
  await expect(update({ title: 'Another door' })).rejects.toThrow('worked out anew')
})
