import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import type { Move } from '../security/vulnerabilities/apply-move.ts'
import { applyMoves } from '../security/vulnerabilities/apply-move.ts'
import { pushDefect } from './push-defect.ts'

describe.each(['2026', 'legacy'] as const)('in %s mode', (mode) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())

  type Item = Awaited<ReturnType<SyncWorld['sendProblem']>>
  const close = async (item: Item) =>
    mode === 'legacy'
      ? world.dana.call('PUT', item.path, { state: 'resolved' })
      : world.dana.call('POST', `${item.path}/comments/${item.rootId}/resolve`)
  const reopen = async (item: Item) =>
    mode === 'legacy'
      ? world.dana.call('PUT', item.path, { state: 'open' })
      : world.dana.call('DELETE', `${item.path}/comments/${item.rootId}/resolve`)
  const isClosed = async (item: Item): Promise<boolean> => {
    if (mode === 'legacy')
      return ['resolved', 'wontfix', 'invalid'].includes((await world.dana.call('GET', item.path)).state)
    const root = await world.dana.call('GET', `${item.path}/comments/${item.rootId}`)
    const { values } = await world.dana.call('GET', `${item.path}/tasks`)
    const task = values.find((one: { comment?: { id: number } }) => String(one.comment?.id) === item.rootId)
    const isResolved = root.resolution !== undefined && root.resolution !== null
    expect(task.state).toBe(isResolved ? 'RESOLVED' : 'UNRESOLVED')
    return isResolved
  }
  const move = (vulnerabilityId: string, wanted: Omit<Move, 'vulnerabilityId'>, by: 'scan' | 'champion') =>
    world.db.transaction().execute((tx) =>
      applyMoves(world.deps, tx, {
        organizationId: world.ids.organizationId,
        moves: [{ ...wanted, vulnerabilityId }],
        actor:
          by === 'scan'
            ? { kind: 'scan', importId: world.ids.importId, name: 'import of report.sarif' }
            : world.champion,
        moveActor: by,
      }),
    )

  test('failure 22: closed by a developer while the scan still sees it: it awaits validation, and a scan decides', async () => {
    const item = await world.sendProblem()
    await close(item)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('awaiting_validation')
    const called = await world.db
      .selectFrom('notification')
      .selectAll()
      .where('vulnerability_id', '=', item.vulnerabilityId)
      .where('kind', '=', 'awaiting_validation')
      .execute()
    expect(called).toHaveLength(2)
    await move(item.vulnerabilityId, { to: 'identified' }, 'scan')
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
    expect(await isClosed(item)).toBe(false)
    expect((await item.remoteTexts()).join()).toContain('Reopened: found again by import of report.sarif.')
  })

  test('a scan without it says fixed, here and there', async () => {
    const item = await world.sendProblem()
    await move(item.vulnerabilityId, { to: 'fixed' }, 'scan')
    await world.settle()
    expect(await isClosed(item)).toBe(true)
    expect((await item.remoteTexts()).join()).toContain('Fixed: no longer found by import of report.sarif.')
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('fixed')
    expect(await item.remoteTexts()).toHaveLength(1)
  })

  test('failure 23: reopened by a developer, it is identified again', async () => {
    const item = await world.sendProblem()
    await move(item.vulnerabilityId, { to: 'fixed' }, 'scan')
    await world.settle()
    await reopen(item)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
  })

  const calls = async (item: Item) =>
    world.db
      .selectFrom('notification')
      .select(['kind', 'member_id', 'subject'])
      .where('vulnerability_id', '=', item.vulnerabilityId)
      .orderBy('id')
      .execute()

  test('what a developer does to an item calls champions, admins and the assignee, once for each change', async () => {
    const item = await world.sendProblem()
    await world.db
      .updateTable('vulnerability')
      .set({ assignee_member_id: world.ids.developer })
      .where('id', '=', item.vulnerabilityId)
      .execute()
    for (const [act, kind] of [
      [close, 'awaiting_validation'],
      [reopen, 'reopened'],
      [close, 'awaiting_validation'],
    ] as const) {
      await world.db.deleteFrom('notification').where('vulnerability_id', '=', item.vulnerabilityId).execute()
      world.simulator.planWebhookFault({ times: 5, action: { kind: 'duplicate' } })
      await act(item)
      await world.settle()
      world.simulator.clearFaults()
      await world.reconcile(true)
      await world.settle()
      const called = await calls(item)
      expect(new Set(called.map((one) => one.kind))).toEqual(new Set([kind]))
      expect(called.map((one) => one.member_id).toSorted()).toEqual(
        [world.ids.champion, world.ids.admin, world.ids.developer].toSorted(),
      )
      expect(called[0]?.subject).toMatch(/^Tomas/)
    }
  })

  test('our own change that comes back calls nobody, also when its answer was lost', async () => {
    const item = await world.sendProblem()
    await move(item.vulnerabilityId, { to: 'fixed' }, 'scan')
    await world.settle()
    world.simulator.planFault({
      path: mode === 'legacy' ? '*/issues/*' : '*/resolve',
      action: { kind: 'cut', when: 'after' },
    })
    await move(item.vulnerabilityId, { to: 'identified', reason: 'Found again.' }, 'champion')
    await world.settle()
    world.simulator.clearFaults()
    await world.reconcile(true)
    world.later(61_000)
    await pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId: item.defectId })
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
    expect(await isClosed(item)).toBe(false)
    expect(await calls(item)).toEqual([])
  })

  test('a task done without its thread counts as closed, and a look later still does', async () => {
    if (mode === 'legacy') return
    const item = await world.sendProblem()
    const { values } = await world.dana.call('GET', `${item.path}/tasks`)
    const task = values.find((one: { comment?: { id: number } }) => String(one.comment?.id) === item.rootId)
    await world.dana.call('PUT', `${item.path}/tasks/${task.id}`, { state: 'RESOLVED' })
    await world.settle()
    await world.reconcile()
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('awaiting_validation')
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('awaiting_validation')
  })

  test('a thread resolved without its task gets the task done too when security agrees that it is fixed', async () => {
    if (mode === 'legacy') return
    const item = await world.sendProblem()
    await world.dana.call('POST', `${item.path}/comments/${item.rootId}/resolve`)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('awaiting_validation')
    await move(item.vulnerabilityId, { to: 'fixed' }, 'champion')
    await world.settle()
    const { values } = await world.dana.call('GET', `${item.path}/tasks`)
    const task = values.find((one: { comment?: { id: number } }) => String(one.comment?.id) === item.rootId)
    expect(task.state).toBe('RESOLVED')
  })

  test('a thread opened again without its task gets the task back too: it is work again', async () => {
    if (mode === 'legacy') return
    const item = await world.sendProblem()
    await move(item.vulnerabilityId, { to: 'fixed' }, 'scan')
    await world.settle()
    await world.dana.call('DELETE', `${item.path}/comments/${item.rootId}/resolve`)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
    const { values } = await world.dana.call('GET', `${item.path}/tasks`)
    const task = values.find((one: { comment?: { id: number } }) => String(one.comment?.id) === item.rootId)
    expect(task.state).toBe('UNRESOLVED')
    expect(await isClosed(item)).toBe(false)
  })

  test('failure 24: a developer reopens what security accepted: the decision stands and the item is set back', async () => {
    const item = await world.sendProblem()
    const accepted = {
      to: 'risk_accepted' as const,
      reason: 'Only reachable from inside.',
      acceptedUntil: '2027-06-30',
    }
    await move(item.vulnerabilityId, accepted, 'champion')
    await world.settle()
    expect(await isClosed(item)).toBe(true)
    await reopen(item)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('risk_accepted')
    expect(await isClosed(item)).toBe(true)
    expect((await item.remoteTexts()).join()).not.toContain('Only reachable from inside')
    const called = await world.db
      .selectFrom('notification')
      .select('subject')
      .where('vulnerability_id', '=', item.vulnerabilityId)
      .where('kind', '=', 'reopened')
      .execute()
    expect(called).toHaveLength(2)
    expect(called[0]?.subject).toContain('A decision in Weir stands against it')
  })

  test('several changes before a push are one push', async () => {
    const item = await world.sendProblem()
    await move(item.vulnerabilityId, { to: 'in_progress' }, 'champion')
    await move(item.vulnerabilityId, { to: 'fixed' }, 'champion')
    const before = world.simulator.requests.length
    await world.settle()
    const pushes = (await world.operations(item.vulnerabilityId)).filter((one) => one.kind === 'push_state')
    expect(pushes.map((one) => one.state)).toEqual(['done'])
    expect(world.simulator.requests.length - before).toBeLessThan(14)
    expect(await isClosed(item)).toBe(true)
  })

  test('fixed before it was sent: nothing is sent', async () => {
    const vulnerabilityId = await world.addProblem()
    const { sendVulnerability } = await import('./send-vulnerability.ts')
    const { organizationId } = world.ids
    const defect = await sendVulnerability(world.deps, { organizationId, vulnerabilityId, actor: world.champion })
    await world.say(vulnerabilityId, 'Please look.')
    await move(vulnerabilityId, { to: 'fixed' }, 'scan')
    const before = world.simulator.requests.filter((one) => one.method === 'POST').length
    await world.settle()
    expect(world.simulator.requests.filter((one) => one.method === 'POST')).toHaveLength(before)
    const row = await world.db.selectFrom('defect').selectAll().where('id', '=', defect.id).executeTakeFirstOrThrow()
    expect(row.link).toBe('ended')
    const [said] = await world.thread(vulnerabilityId)
    // Nobody deleted anything: it was never there.
    expect(said?.links[0]?.error).toMatch(/^The item was given up before it was made in Bitbucket\./)
  })
})
