import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyChange } from '../../../simulators/bitbucket/operations/change.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'

const ways = [
  ['renamed', { newUsername: 'somebody-else', displayName: 'Somebody Else' }],
  ['anonymised', { becomes: 'anonymised' }],
  ['deleted', { becomes: 'deleted' }],
] as const

describe('a developer', () => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode: '2026' })
  })
  afterAll(() => world.close())

  test.each(ways)('who is %s keeps what they said, once, and the conversation goes on', async (_what, change) => {
    const here = await createSyncWorld({ mode: '2026' })
    try {
      const item = await here.sendProblem()
      await item.answer('Said under my name.')
      await here.settle()
      await applyChange(here.simulator.sim, { what: 'person', username: 'tomas-okoye', ...change })
      await here.say(item.vulnerabilityId, 'Who said that?')
      await here.settle()
      await here.reconcile(true)
      await here.settle()
      const thread = await here.thread(item.vulnerabilityId)
      expect(thread.map((one) => one.body)).toEqual(['Said under my name.', 'Who said that?'])
      expect(thread.every((one) => one.deleted_at === null && one.author.name !== '')).toBe(true)
      expect(thread[1]?.links.map((link) => link.state)).toEqual(['sent'])
    } finally {
      await here.close()
    }
  })

  test('whose account nobody can see any more is heard all the same when a look finds what they said', async () => {
    const item = await world.sendProblem()
    world.simulator.planWebhookFault({ action: { kind: 'drop' } })
    await item.answer('Said before I left.')
    await applyChange(world.simulator.sim, { what: 'person', username: 'tomas-okoye', becomes: 'deleted' })
    await world.reconcile(true)
    await world.settle()
    const [said] = await world.thread(item.vulnerabilityId)
    expect(said).toMatchObject({ body: 'Said before I left.', author: { kind: 'remote' } })
    expect(said?.author.name).not.toBe('')
  })
})
