import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { getConnectionView } from '../remotes/connection-view.ts'
import { moveWithdrawnIssues } from './move-withdrawn-issues.ts'
import { sendVulnerability } from './send-vulnerability.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
  // What Weir believed before the tracker was removed.
  await world.db.updateTable('connection').set({ has_issues: true }).execute()
  await world.db.updateTable('repository').set({ has_issues: true }).execute()
})
afterAll(() => world.close())

const key = () => ({ organizationId: world.ids.organizationId, connectionId: world.ids.connectionId })
const input = () => ({ ...key(), actor: world.champion, auditActor: { ...world.champion, ipAddress: null } })

test('nothing moves while the tracker is there', async () => {
  await expect(moveWithdrawnIssues(world.deps, input())).rejects.toMatchObject({ code: 'conflict' })
  const stranger = { ...input(), organizationId: world.deps.newId() }
  await expect(moveWithdrawnIssues(world.deps, stranger)).rejects.toMatchObject({ code: 'not_found' })
})

test('failure 42: items, routes and unsent messages move to discussions at once, and the old items say where they went', async () => {
  const { organizationId } = key()
  const route = { organization_id: organizationId, id: world.deps.newId(), tracker: 'bitbucket-issues' }
  await world.db.insertInto('route').values(route).execute()
  const vulnerabilityId = await world.addProblem()
  await sendVulnerability(world.deps, { organizationId, vulnerabilityId, actor: world.champion })
  await world.say(vulnerabilityId, 'Said before it was withdrawn')
  await world.settle()
  expect(await getConnectionView(world.deps, key())).toMatchObject({ withdrawn: { items: 1, routes: 1 } })
  expect(await moveWithdrawnIssues(world.deps, input())).toEqual({ routes: 1, items: 1, left: 0 })
  await world.settle()
  const defects = await world.db
    .selectFrom('defect')
    .select(['tracker', 'link', 'link_reason'])
    .orderBy('created_at')
    .execute()
  expect(defects).toMatchObject([
    {
      tracker: 'bitbucket-issues',
      link: 'ended',
      link_reason: expect.stringContaining('goes on in Bitbucket discussions'),
    },
    { tracker: 'bitbucket-discussions', link: 'ok' },
  ])
  const { remoteTexts } = await world.itemOf(vulnerabilityId)
  expect((await remoteTexts()).join()).toContain('Said before it was withdrawn')
  expect((await world.thread(vulnerabilityId)).map(({ links }) => links[0]?.state)).toEqual(['sent'])
  expect((await world.db.selectFrom('route').select('tracker').execute()).map(({ tracker }) => tracker)).toEqual([
    'bitbucket-discussions',
  ])
  expect(await getConnectionView(world.deps, key())).toMatchObject({ withdrawn: null, operations_failed: 0 })
  const called = world.db.selectFrom('notification').select('id').where('kind', '=', 'sync_failed')
  const unread = await called.where('read_at', 'is', null).execute()
  expect(unread).toEqual([])
})
