import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { updateMessage } from './change-message.ts'
import { queueSends } from './queue-sends.ts'

/** Where an item can be: in a pull request, on a commit at a line, on a commit as a whole. */
const places = [
  ['a thread of a pull request', {}],
  ['a comment on a line of a commit', { path: 'package.json', line: 1 }],
  ['a comment on a commit', { path: null, line: null }],
] as const

describe.each(places)('%s that a person deleted', (_, problem) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode: '2026' })
  })
  afterAll(() => world.close())

  const comments = async (path: string) =>
    (await world.dana.call('GET', `${path}/comments?pagelen=100`)).values.filter(
      (one: { deleted?: boolean }) => one.deleted !== true,
    )

  test('is not made again: by no reconciliation, no policy, no change of status and no message', async () => {
    const item = await world.sendProblem(problem)
    await world.bot.call('DELETE', `${item.path}/comments/${item.rootId ?? ''}`)
    const left = await comments(item.path)
    await world.settle()
    await world.reconcile(true)
    world.later(120_000)
    await world.reconcile(true)
    await world.settle()
    const { organizationId, importId } = world.ids
    const { vulnerabilityId } = item
    const actor = { kind: 'scan' as const, importId, name: 'Lantern' }
    const sent = await world.db
      .transaction()
      .execute((tx) =>
        queueSends(world.deps, tx, { organizationId, vulnerabilityIds: [vulnerabilityId], actor, lane: 'bulk' }),
      )
    expect(sent.queued).toEqual([])
    await world.say(vulnerabilityId, 'Is anybody there?')
    await world.settle()
    expect(await comments(item.path)).toHaveLength(left.length)
    const defect = await world.db.selectFrom('defect').select('link').where('id', '=', item.defectId).executeTakeFirst()
    expect(defect?.link).toBe('missing')
  })

  test('an answer of ours in it stays away, also when it is edited here', async () => {
    const item = await world.sendProblem({ ...problem, title: 'Another one' })
    const message = await world.say(item.vulnerabilityId, 'Please look.')
    await world.settle()
    const [written] = (await comments(item.path)).filter((one: { content: { raw: string } }) =>
      one.content.raw.startsWith('Please look.'),
    )
    await world.bot.call('DELETE', `${item.path}/comments/${written.id}`)
    await world.settle()
    await world.reconcile(true)
    const { organizationId } = world.ids
    const own = { organizationId, messageId: message.id, actor: world.champion }
    await updateMessage(world.deps, { ...own, body: 'Please look again.', version: message.version }).catch(
      () => undefined,
    )
    await world.settle()
    const texts = (await comments(item.path)).map((one: { content: { raw: string } }) => one.content.raw)
    expect(texts.join()).not.toContain('Please look')
  })
})

describe('a task that a person deleted', () => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode: '2026' })
  })
  afterAll(() => world.close())

  test('is not made again when the thread is closed and opened', async () => {
    const item = await world.sendProblem()
    const tasksOf = async (): Promise<{ id: number }[]> =>
      (await world.dana.call('GET', `${item.path}/tasks?pagelen=100`)).values.filter(
        (one: { comment?: { id: number } }) => String(one.comment?.id) === item.rootId,
      )
    const [task] = await tasksOf()
    await world.bot.call('DELETE', `${item.path}/tasks/${task?.id ?? ''}`)
    await world.dana.call('POST', `${item.path}/comments/${item.rootId ?? ''}/resolve`)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('awaiting_validation')
    await world.dana.call('DELETE', `${item.path}/comments/${item.rootId ?? ''}/resolve`)
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('in_progress')
    expect(await tasksOf()).toEqual([])
  })
})

describe("an answer to a developer's command that a person deleted", () => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode: '2026' })
  })
  afterAll(() => world.close())

  test('is not given again when the command is edited', async () => {
    const item = await world.sendProblem()
    const commentId = await item.answer('weir done')
    await world.settle()
    const answers = async (): Promise<{ id: number }[]> =>
      (await world.dana.call('GET', `${item.path}/comments?pagelen=100`)).values.filter(
        (one: { deleted?: boolean; parent?: { id: number }; content: { raw: string } }) =>
          one.parent?.id === commentId && one.deleted !== true && one.content.raw.includes('it awaits'),
      )
    const [answer, ...more] = await answers()
    expect(more).toEqual([])
    await world.bot.call('DELETE', `${item.path}/comments/${answer?.id ?? ''}`)
    await world.dana.call('PUT', `${item.path}/comments/${commentId}`, { content: { raw: 'weir done.' } })
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    expect(await answers()).toEqual([])
  })
})
