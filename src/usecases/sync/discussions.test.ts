import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { createMessage } from './create-message.ts'
import { listDefects } from './list-defects.ts'
import { listMessages } from './list-messages.ts'
import { sendVulnerability } from './send-vulnerability.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterAll(() => world.close())

test('a vulnerability in an open pull request becomes one thread with a task there', async () => {
  const { ids, deps } = world
  const vulnerabilityId = await world.addProblem()
  const actor = { kind: 'member' as const, memberId: ids.champion, name: 'Carla Champion', tokenId: null }
  const first = await sendVulnerability(deps, { organizationId: ids.organizationId, vulnerabilityId, actor })
  const again = await sendVulnerability(deps, { organizationId: ids.organizationId, vulnerabilityId, actor })
  expect(again.id).toBe(first.id)
  await world.settle()
  const { items } = await listDefects(deps, { organizationId: ids.organizationId, vulnerabilityId })
  expect(items).toMatchObject([{ tracker: 'bitbucket-discussions', link: 'ok', pending: null }])
  expect(items[0]?.url).toContain('/pull-requests/4/')
  const comments = await world.dana.call('GET', '/pullrequests/4/comments?pagelen=100')
  const ours = comments.values.filter((one: { content: { raw: string } }) => one.content.raw.includes(first.id))
  expect(ours).toHaveLength(1)
  expect(ours[0].inline).toMatchObject({ path: 'src/routes/orders.js', from: 15, to: null })
  expect(ours[0].content.raw.split('\n').length).toBeLessThanOrEqual(11)
  expect(ours[0].content.html).not.toContain('[weir]')
  const tasks = await world.dana.call('GET', '/pullrequests/4/tasks')
  expect(tasks.values.filter((one: { comment?: { id: number } }) => one.comment?.id === ours[0].id)).toHaveLength(1)

  // A developer asks, the champion answers, and nothing echoes.
  await world.dana.call('POST', '/pullrequests/4/comments', {
    content: { raw: 'Which parameter is it?' },
    parent: { id: ours[0].id },
  })
  await world.settle()
  const reader = { organizationId: ids.organizationId, vulnerabilityId, memberId: ids.champion }
  const asked = await listMessages(deps, reader)
  expect(asked.items.map((one) => [one.author.name, one.body, one.unread])).toEqual([
    ['Tomas Okoye', 'Which parameter is it?', true],
  ])
  await createMessage(deps, { ...reader, actor, body: 'It is `sort`.', parentId: asked.items[0]?.id })
  await world.settle()
  const thread = await listMessages(deps, reader)
  expect(thread.items.map((one) => one.body)).toEqual(['Which parameter is it?', 'It is `sort`.'])
  expect(thread.items[1]?.links).toMatchObject([{ state: 'sent', direction: 'out' }])
  const after = await world.dana.call('GET', '/pullrequests/4/comments?pagelen=100')
  expect(
    after.values.filter((one: { content: { raw: string } }) => one.content.raw.includes('It is `sort`')),
  ).toHaveLength(1)
})
