import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { listNotificationRows } from '../../store/sync/notifications.ts'

/** A pull request's thread, a commit's discussion, and an issue. */
const places = [
  ['a pull request', '2026', {}],
  ['a commit', '2026', { path: null, line: null }],
  ['an issue', 'legacy', {}],
] as const

describe.each(places)('in %s', (_, mode, problem) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())

  const answersOf = async (item: { remoteTexts: () => Promise<string[]>; vulnerabilityId: string }) =>
    (await world.thread(item.vulnerabilityId)).filter((one) => one.author.kind === 'system').map((one) => one.body)
  /** Texts of all comments there, answers to answers among them, that say this. */
  const remoteSays = async (item: { path: string }, words: string): Promise<string[]> => {
    const listed = await world.dana.call('GET', `${item.path}/comments?pagelen=100`)
    const texts = listed.values.map((one: { content: { raw: string | null } }) => one.content.raw ?? '')
    return texts.filter((text: string) => text.includes(words) && text.includes('Tomas Okoye'))
  }
  const calls = async (vulnerabilityId: string) => {
    const { organizationId, champion: memberId } = world.ids
    const query = { organizationId, memberId, unreadOnly: true, after: undefined, limit: 100 }
    const rows = await listNotificationRows(world.db, query)
    return rows.filter((row) => row.vulnerability_id === vulnerabilityId).map((row) => [row.kind, row.subject])
  }

  test('done awaits validation, is answered once, and calls the champions', async () => {
    const item = await world.sendProblem(problem)
    const commentId = await item.answer('Weir done.')
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('awaiting_validation')
    const [answer, ...more] = await answersOf(item)
    expect(more).toEqual([])
    expect(answer).toContain('it awaits validation')
    const said = await remoteSays(item, 'it awaits validation')
    expect(said.length).toBeGreaterThan(0)
    expect(await calls(item.vulnerabilityId)).toEqual([
      ['awaiting_validation', 'Tomas Okoye: done, says an answer in the thread.'],
    ])
    await world.dana.call('PUT', `${item.path}/comments/${commentId}`, { content: { raw: 'weir done!' } })
    await world.settle()
    await world.reconcile(true)
    await world.reconcile(true)
    await world.settle()
    expect(await answersOf(item)).toHaveLength(1)
    expect(await remoteSays(item, 'it awaits validation')).toEqual(said)
  })

  test('a second done says that it was noted, and reads as nothing new', async () => {
    const item = await world.sendProblem(problem)
    await item.answer('weir done')
    await item.answer('weir done')
    await world.settle()
    expect(await answersOf(item)).toEqual([
      'Tomas Okoye: Noted: it awaits validation. Security, or the next scan, looks at it.',
      'Tomas Okoye: It was noted already: security, or the next scan, looks at it.',
    ])
    expect(await calls(item.vulnerabilityId)).toHaveLength(1)
  })

  test('a decision is asked for in an internal note, moves nothing, and the reason never goes out again', async () => {
    const item = await world.sendProblem(problem)
    await item.answer('weir false positive: the input is a constant')
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
    const thread = await world.thread(item.vulnerabilityId)
    expect(thread.filter((one) => one.internal).map((one) => [one.author.name, one.body])).toEqual([
      ['Tomas Okoye', '**Asks for false positive:** the input is a constant'],
    ])
    expect(await calls(item.vulnerabilityId)).toEqual([
      ['message', 'Tomas Okoye asks for false positive: the input is a constant'],
    ])
    expect(await answersOf(item)).toEqual([
      'Tomas Okoye: Security was asked (false positive). A champion decides, and the answer comes here.',
    ])
    expect(await remoteSays(item, 'Security was asked')).not.toEqual([])
    expect(await remoteSays(item, 'Asks for')).toEqual([])
  })

  test('without a reason one is asked for, and an edit brings it', async () => {
    const item = await world.sendProblem(problem)
    const commentId = await item.answer('weir accept')
    await world.settle()
    expect(await answersOf(item)).toEqual(['Tomas Okoye: A reason is needed: write `weir accept: why`.'])
    await world.dana.call('PUT', `${item.path}/comments/${commentId}`, {
      content: { raw: 'weir accept: nobody reaches it' },
    })
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    expect(await answersOf(item)).toHaveLength(2)
    expect((await world.thread(item.vulnerabilityId)).filter((one) => one.internal)).toHaveLength(1)
  })

  test('help is answered and calls nobody', async () => {
    const item = await world.sendProblem(problem)
    await item.answer('weir help')
    await world.settle()
    expect((await answersOf(item)).join()).toContain('`weir false positive: why`')
    expect(await calls(item.vulnerabilityId)).toEqual([])
  })

  test('what a champion writes here, what is quoted and what another installation mirrors is no command', async () => {
    const item = await world.sendProblem(problem)
    await world.say(item.vulnerabilityId, 'weir done')
    await world.settle()
    await item.answer('> weir done\n\nIs it?')
    await item.answer('weir done\n\n[weir]: #ffffffffffff-m-018f0000-0000-7000-8000-000000000001\n')
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
    expect(await answersOf(item)).toEqual([])
  })
})
