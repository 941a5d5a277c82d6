import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { getVulnerability } from '../security/vulnerabilities/get-vulnerability.ts'
import { sendVulnerability } from './send-vulnerability.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterAll(() => world.close())

const offered = async (id: string) => {
  const viewer = { memberId: world.ids.champion, role: 'champion' as const }
  return (await getVulnerability(world.deps, { organizationId: world.ids.organizationId, id, viewer })).send_options
}
/** What sending to the tracker comes to: null when it is taken, else the reason why not. */
const tried = async (id: string, tracker: string) => {
  const { organizationId } = world.ids
  try {
    await sendVulnerability(world.deps, { organizationId, vulnerabilityId: id, tracker, actor: world.champion })
    return null
  } catch (error) {
    if (isAppError(error, 'conflict')) return error.detail
    throw error
  }
}

const changes: Record<string, (db: Db, id: string) => Promise<unknown>> = {
  nothing: async () => undefined,
  'a decision': (db, id) =>
    db.updateTable('vulnerability').set({ status: 'false_positive' }).where('id', '=', id).execute(),
  'a disconnected connection': (db) => db.updateTable('connection').set({ state: 'disconnected' }).execute(),
  'a repository that is gone': (db) => db.updateTable('repository').set({ state: 'gone' }).execute(),
  'an asset without repository': (db) => db.updateTable('asset').set({ repository_id: null }).execute(),
}

test.each(Object.keys(changes))('what is offered is what sending takes, with %s', async (name) => {
  const id = await world.addProblem()
  await changes[name]?.(world.db, id)
  for (const { tracker, reason } of await offered(id)) expect(await tried(id, tracker), tracker).toBe(reason)
  await world.db.updateTable('connection').set({ state: 'active' }).execute()
  await world.db.updateTable('repository').set({ state: 'here' }).execute()
  await world.db.updateTable('asset').set({ repository_id: world.ids.repositoryId }).execute()
  world.state.jobs.length = 0
})

test('what has an item is not offered that tracker again, until somebody deletes the item there', async () => {
  const { vulnerabilityId, defectId } = await world.sendProblem()
  const discussions = async () =>
    (await offered(vulnerabilityId)).find(({ tracker }) => tracker === 'bitbucket-discussions')
  expect(await discussions()).toMatchObject({ available: false, reason: 'It has an item already.' })
  await world.db.updateTable('defect').set({ link: 'missing' }).where('id', '=', defectId).execute()
  expect(await discussions()).toMatchObject({ available: true, reason: null })
  expect(await tried(vulnerabilityId, 'bitbucket-discussions')).toBeNull()
})
