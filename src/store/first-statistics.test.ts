import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import type { OpenDatabase } from './db.ts'
import { takeFirstStatistics } from './first-statistics.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())

test('a table that was filled has statistics at once, and is not asked about again', async () => {
  await sql`insert into organization (organization_id, name)
    select gen_random_uuid(), 'Meadow ' || n from generate_series(1, 200) n`.execute(open.db)
  // The server counts rows a moment after the statement.
  await vi.waitFor(async () => expect(await takeFirstStatistics(open.db)).toContain('organization'), {
    timeout: 15_000,
  })
  const { rows } = await sql<{ tuples: number }>`
    select reltuples as tuples from pg_class where oid = 'organization'::regclass`.execute(open.db)
  expect(rows).toEqual([{ tuples: 200 }])
  expect(await takeFirstStatistics(open.db)).toEqual([])
})
