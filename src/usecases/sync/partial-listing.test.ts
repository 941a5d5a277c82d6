import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'

describe.each(['2026', 'legacy'] as const)('failure 31: a listing that breaks off or moves, in %s mode', (mode) => {
  let world: SyncWorld
  let item: Awaited<ReturnType<SyncWorld['sendProblem']>>
  const comments = 130
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
    item = await world.sendProblem()
    for (let n = 0; n < comments; n++) await item.answer(`Number ${n}`)
    await world.settle()
  })
  afterAll(() => world.close())

  const list = mode === 'legacy' ? '*/issues/*/comments' : '*/pullrequests/*/comments'
  const thread = async () => {
    const rows = await world.db
      .selectFrom('message')
      .select(['body', 'deleted_at'])
      .where('vulnerability_id', '=', item.vulnerabilityId)
      .execute()
    return { all: rows.length, deleted: rows.filter((row) => row.deleted_at !== null).length }
  }

  test.each([
    ['half a second page', { kind: 'truncate' as const }],
    ['a cut connection', { kind: 'cut' as const, when: 'in_body' as const }],
    ['a cursor that is refused', { kind: 'answer' as const, status: 400, body: { type: 'error' } }],
    ['a second page that is not there', { kind: 'answer' as const, status: 404, body: { type: 'error' } }],
  ])('%s is no deletion of what would have stood there', async (_what, action) => {
    world.simulator.planFault({ method: 'GET', path: list, from: 2, times: 1, action })
    await world.reconcile(true).catch(() => undefined)
    await world.settle()
    world.simulator.clearFaults()
    expect(await thread()).toEqual({ all: comments, deleted: 0 })
  })

  test('what is written and deleted between two pages is there once, and gone, after the next look', async () => {
    const [first] = (await world.dana.call('GET', `${item.path}/comments?pagelen=1`)).values
    expect(first).toBeDefined()
    world.simulator.planWebhookFault({ times: 2, action: { kind: 'drop' } })
    const [deleted] = await world.db
      .selectFrom('message_link')
      .innerJoin('message', 'message.id', 'message_link.message_id')
      .select('remote_comment_id')
      .where('message.body', '=', 'Number 3')
      .execute()
    world.simulator.planFault({
      method: 'GET',
      path: list,
      from: 2,
      times: 1,
      action: { kind: 'delay', ms: 300 },
    })
    const looking = world.reconcile(true)
    await new Promise((done) => setTimeout(done, 100))
    await world.dana.call('DELETE', `${item.path}/comments/${deleted?.remote_comment_id}`)
    await item.answer('Between the pages')
    await looking
    await world.reconcile(true)
    await world.settle()
    const { body } = await world.db
      .selectFrom('message')
      .select((set) => set.fn.count<number>('id').as('body'))
      .where('body', '=', 'Between the pages')
      .executeTakeFirstOrThrow()
    expect(body).toBe(1)
    expect(await thread()).toEqual({ all: comments + 1, deleted: 1 })
  })
})
