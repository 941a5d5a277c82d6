import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { alignItems, countUnaligned } from './align-items.ts'

let world: SyncWorld
let routeId: string
beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
  routeId = world.deps.newId()
  const { organizationId } = world.ids
  await world.db
    .insertInto('route')
    .values({ organization_id: organizationId, id: routeId, tracker: 'bitbucket-issues', settings: '{}' })
    .execute()
})
afterAll(() => world.close())

const key = () => ({ organizationId: world.ids.organizationId, routeId })
const align = () => alignItems(world.deps, { ...key(), actor: { ...world.champion, ipAddress: null } })
const stateOf = async (path: string): Promise<string> => (await world.dana.call('GET', path)).state
const setMap = (out: object) =>
  world.db
    .updateTable('route')
    .set({ settings: JSON.stringify({ states: { out } }) })
    .where('id', '=', routeId)
    .execute()

test('items that both sides agreed on are counted and brought to what the route says now, once, without a word', async () => {
  const one = await world.sendProblem()
  const other = await world.sendProblem()
  expect(await countUnaligned(world.deps, key())).toEqual({ items: 0 })
  await setMap({ identified: { kind: 'state', name: 'on hold', is_closed: false } })
  expect(await countUnaligned(world.deps, key())).toEqual({ items: 2 })
  expect(await align()).toEqual({ queued: 2, left: 0 })
  expect(await align()).toEqual({ queued: 0, left: 0 })
  await world.settle()
  for (const { path } of [one, other]) expect(await stateOf(path)).toBe('on hold')
  expect(await world.thread(one.vulnerabilityId)).toEqual([])
  expect(await world.statusOf(one.vulnerabilityId)).toBe('identified')
  expect(await countUnaligned(world.deps, key())).toEqual({ items: 0 })
  const audit = await world.db.selectFrom('audit_event').select(['action', 'after']).execute()
  expect(audit).toEqual([{ action: 'route.items_aligned', after: { queued: 2, left: 0 } }])
})

test('items that another route leads, and those to be left as they are, are none of it', async () => {
  await setMap({ identified: { kind: 'leave' } })
  expect(await countUnaligned(world.deps, key())).toEqual({ items: 0 })
  await setMap({ identified: { kind: 'state', name: 'new', is_closed: false } })
  expect((await countUnaligned(world.deps, key())).items).toBeGreaterThan(0)
  const { organizationId, assetId } = world.ids
  await world.db
    .insertInto('route')
    .values({
      organization_id: organizationId,
      id: world.deps.newId(),
      asset_id: assetId,
      tracker: 'bitbucket-issues',
      settings: '{}',
    })
    .execute()
  expect(await countUnaligned(world.deps, key())).toEqual({ items: 0 })
  await expect(countUnaligned(world.deps, { ...key(), routeId: assetId })).rejects.toMatchObject({ code: 'not_found' })
})
