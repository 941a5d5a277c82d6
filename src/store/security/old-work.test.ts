import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { newId } from '../../lib/ids.ts'
import { deleteLeftovers } from '../access/leftovers.ts'
import type { OpenDatabase } from '../db.ts'

let database: OpenDatabase
let organizationId: string
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  organizationId = await makeOrganization()
})
afterAll(async () => database.close())

const now = new Date('2026-11-20T12:00:00Z')
const days = (count: number): Date => new Date(now.getTime() + count * 24 * 3600_000)
const makeOrganization = async () => {
  const id = newId()
  await database.db.insertInto('organization').values({ organization_id: id, name: 'Harbour' }).execute()
  return id
}

test('walks over deadlines that ended go after thirty days, those that did not never', async () => {
  const insert = (total: number, finished_at: Date | null, created_at: Date) =>
    database.db
      .insertInto('deadline_run')
      .values({ organization_id: organizationId, id: newId(), total, finished_at, created_at })
      .execute()
  await insert(1, days(-31), days(-32))
  await insert(2, days(-29), days(-32))
  await insert(3, null, days(-90))
  await deleteLeftovers(database.db, now)
  const rows = database.db.selectFrom('deadline_run').select('total').where('organization_id', '=', organizationId)
  expect(await rows.orderBy('total').execute()).toEqual([{ total: 2 }, { total: 3 }])
})

const makeAsset = async (organization: string, key: string) => {
  const id = newId()
  await database.db
    .insertInto('asset')
    .values({ organization_id: organization, id, key, name: key, default_branch: 'main' })
    .execute()
  return id
}
const score = async (organization: string, assetId: string, scored: readonly Date[]) => {
  const rows = scored.map((at) => {
    const day = at.toISOString().slice(0, 10)
    return { organization_id: organization, asset_id: assetId, day, version: 1, score: 1, open: 1 }
  })
  await database.db.insertInto('asset_score_day').values(rows).execute()
}
const scoredDays = async (assetId: string) => {
  const rows = database.db.selectFrom('asset_score_day').select('day').where('asset_id', '=', assetId).orderBy('day')
  return (await rows.execute()).map(({ day }) => day)
}

test('scores of assets stay daily for 400 days; before that the last one of each month stays', async () => {
  const every = Array.from({ length: 800 }, (_, age) => days(-age))
  const [quay, pier] = [await makeAsset(organizationId, 'quay'), await makeAsset(organizationId, 'pier')]
  const elsewhere = await makeOrganization()
  const foreign = await makeAsset(elsewhere, 'quay')
  await score(organizationId, quay, every)
  await score(organizationId, pier, [days(-500), days(-499), days(-450)])
  await score(elsewhere, foreign, [days(-500), days(-499)])

  await deleteLeftovers(database.db, now)

  const left = await scoredDays(quay)
  // Counted by hand: 401 days from 2025-10-16 on, and the ends of September 2024 … September 2025.
  expect(left).toHaveLength(401 + 13)
  expect(left.slice(0, 14).join(' ')).toBe(
    '2024-09-30 2024-10-31 2024-11-30 2024-12-31 2025-01-31 2025-02-28 2025-03-31 ' +
      '2025-04-30 2025-05-31 2025-06-30 2025-07-31 2025-08-31 2025-09-30 2025-10-16',
  )
  // 2025-07-08 and -09, of which the later one stays, and 2025-08-27, alone in its month.
  expect(await scoredDays(pier)).toEqual(['2025-07-09', '2025-08-27'])
  expect(await scoredDays(foreign)).toEqual(['2025-07-09'])
  await deleteLeftovers(database.db, now)
  expect(await scoredDays(quay)).toEqual(left)
})
