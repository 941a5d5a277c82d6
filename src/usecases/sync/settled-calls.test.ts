import { afterAll, beforeEach, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { applyMoves } from '../security/vulnerabilities/apply-move.ts'
import { retryDelivery } from './deliveries.ts'
import { listNotifications } from './notifications.ts'

const worlds: SyncWorld[] = []
let world: SyncWorld
let item: Awaited<ReturnType<SyncWorld['sendProblem']>>
beforeEach(async () => {
  world = await createSyncWorld({ mode: '2026' })
  worlds.push(world)
  item = await world.sendProblem()
})
afterAll(async () => {
  for (const one of worlds) await one.close()
})

const inbox = async () => {
  const { organizationId, champion } = world.ids
  const { items } = await listNotifications(world.deps, { organizationId, memberId: champion })
  return items.map(({ kind, subject, read_at }) => ({ kind, subject, isUnread: read_at === null }))
}
const history = async () =>
  (await world.db.selectFrom('vulnerability_event').select(['kind']).orderBy('created_at').orderBy('id').execute()).map(
    ({ kind }) => kind,
  )

test('the inbox shows what an edited question says now, and nothing of one that was deleted', async () => {
  const id = await item.answer('Is it public?')
  await world.settle()
  expect(await inbox()).toEqual([{ kind: 'message', subject: 'Tomas Okoye: Is it public?', isUnread: true }])
  await world.dana.call('PUT', `${item.path}/comments/${id}`, { content: { raw: 'Is it reachable?\nI ask for Yuki.' } })
  await world.settle()
  expect(await inbox()).toEqual([{ kind: 'message', subject: 'Tomas Okoye: Is it reachable?', isUnread: true }])
  await world.dana.call('DELETE', `${item.path}/comments/${id}`)
  await world.settle()
  expect(await inbox()).toEqual([{ kind: 'message', subject: 'Tomas Okoye deleted a message.', isUnread: false }])
})

test('nobody is called to validate what the next report has shown to be fixed', async () => {
  const { organizationId } = world.ids
  await world.dana.call('POST', `${item.path}/comments/${item.rootId}/resolve`)
  await world.settle()
  expect(await inbox()).toMatchObject([{ kind: 'awaiting_validation', isUnread: true }])
  const scan = { kind: 'scan' as const, importId: world.deps.newId(), name: 'Semgrep' }
  const moves = [{ vulnerabilityId: item.vulnerabilityId, to: 'fixed' as const }]
  await world.db
    .transaction()
    .execute((tx) => applyMoves(world.deps, tx, { organizationId, moves, actor: scan, moveActor: 'scan' }))
  expect(await world.statusOf(item.vulnerabilityId)).toBe('fixed')
  expect(await inbox()).toMatchObject([{ kind: 'awaiting_validation', isUnread: false }])
})

test('a failure that was mended is told in the history, and calls nobody any more', async () => {
  world.simulator.planFault({
    method: 'POST',
    path: '*/comments',
    action: { kind: 'answer', status: 400, body: '{"type": "error", "error": {"message": "No."}}' },
  })
  await world.say(item.vulnerabilityId, 'Please look')
  await world.settle()
  const subject = 'Not sent: Bitbucket refused our request to write a reply: "No.".'
  expect(await inbox()).toMatchObject([{ kind: 'sync_failed', subject, isUnread: true }])
  expect((await history()).at(-1)).toBe('sync_failed')
  const failed = (await world.operations(item.vulnerabilityId)).at(-1)
  await retryDelivery(world.deps, { organizationId: world.ids.organizationId, id: failed?.id ?? '' })
  await world.settle()
  expect(await inbox()).toMatchObject([{ kind: 'sync_failed', isUnread: false }])
  expect((await history()).slice(-2)).toEqual(['sync_failed', 'sync_recovered'])
  expect((await item.remoteTexts()).join('\n')).toContain('Please look')
})
