import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Change } from '../../../../contract/security/bulk-changes.ts'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertApiToken, recordApiTokenRevoked } from '../../../store/access/api-tokens.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createBulkHouse } from './bulk-change.fixture.ts'
import { undoBulkChange } from './control-bulk-change.ts'
import { createBulkChange } from './create-bulk-change.ts'
import { runBatch } from './run-bulk-change.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createBulkHouse>>
beforeAll(async () => {
  open = await createTestDatabase()
  house = await createBulkHouse(open)
})
afterAll(async () => open.close())

const decline: Change = { kind: 'move', to: 'false_positive', reason: 'Only in tests' }
const inAnHour = () => new Date(house.deps.clock().getTime() + 3600_000)

async function makeToken(expiresAt: Date, scopes: string[] = ['triage']): Promise<string> {
  const { db, deps, organizationId, memberId } = house
  const id = deps.newId()
  const words = { name: 'pipeline', prefix: 'weir_x', tokenHash: id }
  await insertApiToken(db, { organizationId, id, memberId, scopes, expiresAt, createdAt: deps.clock(), ...words })
  return id
}

/** Begun by a token, and worked on for one batch of 200 of its 300. */
async function begin(tokenId: string | null): Promise<string> {
  const { deps, db, organizationId, auditor } = house
  const ids = await house.add(300)
  const asker = { ...house.asker(), tokenId }
  const { id } = await createBulkChange(deps, { asker, auditor, request: { ids, change: decline } })
  await db.transaction().execute((tx) => runBatch(deps, tx, { organizationId, bulkChangeId: id }))
  return id
}

const stopped = (stop_reason: string) => ({ state: 'cancelled', stop_reason, total: 300, changed: 200, refused: 0 })

test('of a token that is revoked meanwhile stops at the next batch; what was done stays and can be taken back', async () => {
  const tokenId = await makeToken(inAnHour())
  const id = await begin(tokenId)
  const { db, deps, organizationId, auditor } = house
  await recordApiTokenRevoked(db, { organizationId, id: tokenId, memberId: null }, deps.clock())
  expect(await house.run(id)).toMatchObject(stopped('The API token it was started with has been revoked.'))
  const told = await db
    .selectFrom('audit_event')
    .select(['actor_kind', 'after'])
    .where('organization_id', '=', organizationId)
    .where('action', '=', 'bulk_change.stopped')
    .where('target_id', '=', id)
    .execute()
  const summary = 'The API token it was started with has been revoked.'
  expect(told).toEqual([{ actor_kind: 'system', after: { summary, left_as_they_were: 100 } }])
  const undone = await undoBulkChange(deps, { asker: house.asker(), auditor, id })
  expect(await house.run(undone.id)).toMatchObject({ state: 'done', changed: 200, refused: 0 })
})

test('of a token that expires, or lost its scope, meanwhile stops', async () => {
  const { db } = house
  const expiring = await makeToken(inAnHour())
  const id = await begin(expiring)
  await db.updateTable('api_token').set({ expires_at: house.deps.clock() }).where('id', '=', expiring).execute()
  expect(await house.run(id)).toMatchObject(stopped('The API token it was started with has expired.'))
  const narrowed = await makeToken(inAnHour())
  const other = await begin(narrowed)
  await db
    .updateTable('api_token')
    .set({ scopes: ['read'] })
    .where('id', '=', narrowed)
    .execute()
  expect(await house.run(other)).toMatchObject(stopped('The API token it was started with does not allow this by now.'))
})

test('of a member who is removed, or may no longer decide, stops', async () => {
  const { db, memberId } = house
  const change = (columns: { role?: 'developer' | 'champion'; disabled_at?: Date | null }) =>
    db.updateTable('member').set(columns).where('id', '=', memberId).execute()
  const first = await begin(null)
  await change({ disabled_at: new Date() })
  expect(await house.run(first)).toMatchObject(stopped('Ines Okafor is no longer a member here.'))
  await change({ disabled_at: null })
  const second = await begin(null)
  await change({ role: 'developer' })
  const reason = 'Ines Okafor has the role developer by now, which does not allow this.'
  expect(await house.run(second)).toMatchObject(stopped(reason))
  await change({ role: 'champion' })
})

test('of a token that still stands goes on to its end', async () => {
  const id = await begin(await makeToken(inAnHour()))
  expect(await house.run(id)).toMatchObject({ state: 'done', stop_reason: null, changed: 300 })
})
