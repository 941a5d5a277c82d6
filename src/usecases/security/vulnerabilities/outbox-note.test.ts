import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { sendVulnerability } from '../../sync/send-vulnerability.ts'
import { getVulnerability } from './get-vulnerability.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterAll(() => world.close())

const noteOf = async (id: string) => {
  const viewer = { memberId: world.ids.champion, role: 'champion' as const }
  return (await getVulnerability(world.deps, { organizationId: world.ids.organizationId, id, viewer })).outbox_note
}
const setState = (state: 'active' | 'disconnected' | 'unauthorized') =>
  world.db.updateTable('connection').set({ state }).execute()

test('a vulnerability says that messages wait while its connection cannot take them, once it was sent', async () => {
  const { organizationId } = world.ids
  const [sent, unsent] = [await world.addProblem(), await world.addProblem()]
  await sendVulnerability(world.deps, { organizationId, vulnerabilityId: sent, actor: world.champion })
  expect(await noteOf(sent)).toBeNull()
  await setState('disconnected')
  expect(await noteOf(sent)).toContain('until it is connected again')
  expect(await noteOf(unsent)).toBeNull()
  await setState('unauthorized')
  expect(await noteOf(sent)).toContain('until it is renewed')
  await setState('active')
  expect(await noteOf(sent)).toBeNull()
})
