import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hideRepository } from '../../../test/hide-repository.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { deleteMessage, updateMessage } from './change-message.ts'
import { listDefects } from './list-defects.ts'
import { pushDefect } from './push-defect.ts'

describe.each(['2026', 'legacy'] as const)('failure 26: a repository we cannot see any more, in %s mode', (mode) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())

  const hide = () => hideRepository(world.simulator, world.bot.user.uuid)
  const key = (vulnerabilityId: string) => ({ organizationId: world.ids.organizationId, vulnerabilityId })
  const linkOf = async (vulnerabilityId: string) => (await listDefects(world.deps, key(vulnerabilityId))).items[0]?.link
  const openOperations = async (vulnerabilityId: string) =>
    (await world.operations(vulnerabilityId)).filter(({ state }) => state !== 'done' && state !== 'cancelled')

  test('what people write, edit and delete waits, and is carried out when access is given again', async () => {
    const item = await world.sendProblem()
    const { organizationId } = world.ids
    const edited = await world.say(item.vulnerabilityId, 'To be edited')
    const deleted = await world.say(item.vulnerabilityId, 'To be deleted')
    await world.settle()
    const show = hide()
    await updateMessage(world.deps, {
      organizationId,
      messageId: edited.id,
      actor: world.champion,
      body: 'Edited meanwhile',
      version: edited.version,
    })
    await deleteMessage(world.deps, { organizationId, messageId: deleted.id, actor: world.champion })
    await world.say(item.vulnerabilityId, 'Said meanwhile')
    for (let round = 0; round < 3; round++) {
      await pushDefect(world.deps, { organizationId, defectId: item.defectId })
      world.later(601_000)
    }
    const [first, ...rest] = await openOperations(item.vulnerabilityId)
    expect(first).toMatchObject({ state: 'waiting', error_code: 'remote_forbidden' })
    expect(first?.error).toContain('no longer shows this repository')
    expect(rest).toHaveLength(2)
    const texts = async () =>
      (await world.thread(item.vulnerabilityId)).map(({ body, links }) => [body, links[0]?.state])
    expect(await texts()).not.toContainEqual([expect.anything(), 'removed'])
    show()
    await pushDefect(world.deps, { organizationId, defectId: item.defectId })
    await world.settle()
    expect(await openOperations(item.vulnerabilityId)).toEqual([])
    const remote = await item.remoteTexts()
    expect(remote.filter((text) => text.includes('Edited meanwhile'))).toHaveLength(1)
    expect(remote.filter((text) => text.includes('Said meanwhile'))).toHaveLength(1)
    expect(remote.join()).not.toContain('To be deleted')
  })

  test('reconciliation takes no item and no comment for deleted, however often it looks', async () => {
    const item = await world.sendProblem()
    await item.answer('Still standing')
    await world.settle()
    const show = hide()
    for (let round = 0; round < 3; round++) {
      await world.reconcile(true)
      world.later(61_000)
    }
    expect(await linkOf(item.vulnerabilityId)).toBe('forbidden')
    expect((await world.thread(item.vulnerabilityId)).map(({ body, deleted_at }) => [body, deleted_at])).toEqual([
      ['Still standing', null],
    ])
    show()
    await world.reconcile(true)
    expect(await linkOf(item.vulnerabilityId)).toBe('ok')
  })

  test('an item that was gone before stays so, and that is told once', async () => {
    const item = await world.sendProblem()
    const told = () =>
      world.db
        .selectFrom('vulnerability_event')
        .select('id')
        .where('vulnerability_id', '=', item.vulnerabilityId)
        .where('kind', '=', 'defect_missing')
        .execute()
    await world.bot.call('DELETE', mode === 'legacy' ? item.path : `${item.path}/comments/${item.rootId}`)
    const lookTwice = async () => {
      await world.settle()
      await world.reconcile(true)
      world.later(61_000)
      await world.reconcile(true)
    }
    await lookTwice()
    expect(await linkOf(item.vulnerabilityId)).toBe('missing')
    const show = hide()
    await lookTwice()
    expect(await linkOf(item.vulnerabilityId)).toBe('missing')
    show()
    await lookTwice()
    expect(await linkOf(item.vulnerabilityId)).toBe('missing')
    expect(await told()).toHaveLength(1)
  })

  test('a creation waits instead of failing', async () => {
    const show = hide()
    const vulnerabilityId = await world.addProblem({ title: 'Found while hidden' })
    await world.send(vulnerabilityId)
    const [creation] = await world.operations(vulnerabilityId)
    expect(creation).toMatchObject({ state: 'waiting', error_code: 'remote_forbidden' })
    show()
    world.later(601_000)
    await pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId: creation?.defect_id ?? '' })
    expect(await linkOf(vulnerabilityId)).toBe('ok')
  })
})

test('an issue tracker that was switched off has deleted none of its issues', async () => {
  const world = await createSyncWorld({ mode: 'legacy' })
  try {
    const item = await world.sendProblem()
    const repository = world.simulator.sim.repositories.find((one) => one.slug === 'storefront-api')
    if (repository === undefined) throw new Error('The simulator has other seeds than this test.')
    repository.hasIssues = false
    await world.say(item.vulnerabilityId, 'Is anybody there?')
    await world.settle()
    await world.reconcile(true)
    world.later(61_000)
    await world.reconcile(true)
    const waiting = (await world.operations(item.vulnerabilityId)).at(-1)
    expect(waiting).toMatchObject({ state: 'waiting', error: expect.stringContaining('switched off') })
    const key = { organizationId: world.ids.organizationId, vulnerabilityId: item.vulnerabilityId }
    expect((await listDefects(world.deps, key)).items[0]?.link).toBe('forbidden')
  } finally {
    await world.close()
  }
})
