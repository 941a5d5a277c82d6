import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { Db, OpenDatabase } from '../../../store/db.ts'
import { lockVulnerabilities } from '../../../store/security/vulnerabilities.ts'
import { updateAsset } from '../assets.ts'
import { createImportFixture } from './import.fixture.ts'
import { door, takeFindings } from './take-findings.fixture.ts'
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

/** More than an import writes together. */
const places = Array.from({ length: 1100 }, (_, place) => (place + 1) * 100)
const takeDoors = async (lines: readonly number[], title = 'A door is open') =>
  takeFindings(
    house,
    'Lantern',
    lines.map((line) => door('Lantern', line, { title })),
  )
const idsOf = async () => {
  const rows = await house.db
    .selectFrom('vulnerability')
    .select('id')
    .where('organization_id', '=', house.organizationId)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}
const isSomebodyWaiting = async () => {
  const found = await sql<{ waits: boolean }>`
    select exists (select from pg_stat_activity
      where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0) as waits
    from pg_sleep(0.005)`.execute(house.db)
  return found.rows[0]?.waits === true
}
/** Runs `work` until it waits for the caller's transaction. */
async function untilItWaits(work: () => Promise<unknown>): Promise<{ ended: Promise<unknown> }> {
  const ended = work().then(
    () => 'done',
    (error: unknown) => error,
  )
  const look = async () => ((await isSomebodyWaiting()) ? 'waits' : 'not yet')
  while ((await Promise.race([ended, look()])) === 'not yet');
  return { ended }
}

test.each<[string, () => Promise<() => Promise<unknown>>]>([
  ['an import', async () => async () => takeDoors(places.toReversed())],
  [
    'the undo of an import',
    async () => {
      const { id: importId } = await takeDoors(places.toReversed(), 'Look, a door is open')
      const { organizationId, actor } = house
      return async () => undoImport(house.deps, { organizationId, importId, actor })
    },
  ],
])('%s never waits in a circle with a change of many, which goes by the ids', async (_, prepare) => {
  await takeDoors(places)
  const work = await prepare()
  const ids = await idsOf()
  const { organizationId, db } = house
  const lock = async (tx: Db, id: string | undefined) =>
    lockVulnerabilities(tx, organizationId, id === undefined ? [] : [id])
  const waiting = await db.transaction().execute(async (tx) => {
    await lock(tx, ids[0])
    const started = await untilItWaits(work)
    await lock(tx, ids.at(-1))
    return started
  })
  expect(await waiting.ended).toBe('done')
})

test('what an import brings while the default branch changes is on the new one', async () => {
  await takeDoors([9000, 9100])
  const { organizationId, db, deps, assetId } = house
  const actor = {
    kind: 'member' as const,
    memberId: house.memberId,
    name: 'Ines Okafor',
    tokenId: null,
    ipAddress: null,
  }
  // The import is held up at a finding it has to touch, when its new rows are there and nobody else sees them.
  const held = await db.transaction().execute(async (tx) => {
    await sql`select from finding where organization_id = ${organizationId}::uuid for update`.execute(tx)
    const importing = await untilItWaits(async () => takeDoors([9000, 9100, 55]))
    const changing = updateAsset(deps, { organizationId, id: assetId, actor, default_branch: 'next' })
    await Promise.race([changing, sleep(300)])
    return { importing, changing }
  })
  expect(await held.importing.ended).toBe('done')
  await held.changing
  const found = await db
    .selectFrom('vulnerability')
    .select(['on_default_branch', ({ fn }) => fn.countAll<number>().as('count')])
    .where('organization_id', '=', organizationId)
    .groupBy('on_default_branch')
    .execute()
  expect(found).toEqual([{ on_default_branch: false, count: 3 }])
})
