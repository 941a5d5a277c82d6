import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { only } from '../../../../test/only.ts'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { countUnread } from '../../../store/sync/notifications.ts'
import { callAssignee } from './call-assignee.ts'
import { updateVulnerability } from './update-vulnerability.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
})
beforeEach(async () => {
  await world.db.deleteFrom('notification').execute()
})
afterAll(() => world.close())

const calls = () => world.db.selectFrom('notification').selectAll().orderBy('created_at').orderBy('id').execute()
const unreadOf = (memberId: string) => countUnread(world.db, { organizationId: world.ids.organizationId, memberId })

async function assign(id: string, assignee_id: string | null): Promise<void> {
  const viewer = { memberId: world.ids.champion, role: 'champion' as const, scopes: null }
  const { organizationId } = world.ids
  await updateVulnerability({ ...world.deps }, { organizationId, id, viewer, actor: world.champion, assignee_id })
}

test('whom something is assigned to is called, unless they took it themselves', async () => {
  const { admin, champion } = world.ids
  await assign(await world.addProblem(), champion)
  expect(await calls()).toEqual([])
  const id = await world.addProblem()
  await assign(id, admin)
  expect(only(await calls())).toMatchObject({
    member_id: admin,
    kind: 'assigned',
    vulnerability_id: id,
    subject: 'Carla Champion assigned it to you',
  })
})

test('whom it was assigned to before has nothing unread of it', async () => {
  const { admin, developer } = world.ids
  const id = await world.addProblem()
  await assign(id, admin)
  await assign(id, developer)
  expect([await unreadOf(admin), await unreadOf(developer)]).toEqual([0, 1])
  await assign(id, null)
  expect(await unreadOf(developer)).toBe(0)
})

test('many at once are one call, and unread once', async () => {
  const { organizationId, admin } = world.ids
  const now = world.deps.clock()
  const shared = { organizationId, actor: world.champion, assigneeId: admin, isBulk: true, now }
  for (let batch = 0; batch < 3; batch += 1) {
    const vulnerabilityIds = [await world.addProblem(), await world.addProblem()]
    await world.db.transaction().execute((tx) => callAssignee(world.deps, tx, { ...shared, vulnerabilityIds }))
  }
  expect(only(await calls())).toMatchObject({
    subject: '6 vulnerabilities were assigned to you',
    vulnerability_count: 6,
  })
  expect(await unreadOf(admin)).toBe(1)
})
