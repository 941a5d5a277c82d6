import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { retryDelivery } from './deliveries.ts'
import { processDelivery } from './process-delivery.ts'
import { reconcileConnection } from './reconcile-connection.ts'

describe.each(['2026', 'legacy'] as const)('in %s mode', (mode) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())
  const bodies = async (vulnerabilityId: string) => (await world.thread(vulnerabilityId)).map((one) => one.body)
  const newest = async () =>
    world.db.selectFrom('delivery').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()

  test('failure 9: a webhook delivered twice has one effect', async () => {
    const item = await world.sendProblem()
    world.simulator.planWebhookFault({ action: { kind: 'duplicate' } })
    await item.answer('Asked once.')
    await world.settle()
    expect(await bodies(item.vulnerabilityId)).toEqual(['Asked once.'])
  })

  test('a replayed webhook changes nothing', async () => {
    const item = await world.sendProblem()
    await item.answer('Asked once.')
    await world.settle()
    const { id } = await newest()
    await retryDelivery(world.deps, { organizationId: world.ids.organizationId, id })
    await processDelivery(world.deps, { organizationId: world.ids.organizationId, deliveryId: id })
    expect(await bodies(item.vulnerabilityId)).toEqual(['Asked once.'])
    expect(await newest()).toMatchObject({ state: 'processed', attempts: 1 })
    const notifications = await world.db
      .selectFrom('notification')
      .selectAll()
      .where('vulnerability_id', '=', item.vulnerabilityId)
      .execute()
    // The champion and the admin; the developer is nobody's assignee.
    expect(notifications.map((one) => one.member_id).toSorted()).toEqual(
      [world.ids.champion, world.ids.admin].toSorted(),
    )
  })

  test('failure 10: what a lost webhook said is found by reconciliation', async () => {
    const item = await world.sendProblem()
    world.simulator.planWebhookFault({ action: { kind: 'drop' } })
    await item.answer('Nobody told you of this.')
    await world.settle()
    expect(await bodies(item.vulnerabilityId)).toEqual([])
    const outcome = await world.reconcile()
    expect(outcome.repaired).toBe(1)
    expect(await bodies(item.vulnerabilityId)).toEqual(['Nobody told you of this.'])
    expect((await world.reconcile()).repaired).toBe(0)
  })

  test('what goes wrong with one item keeps reconciliation from no other, and is made up for', async () => {
    const items = [await world.sendProblem(), await world.sendProblem()]
    world.simulator.planWebhookFault({ times: 2, action: { kind: 'drop' } })
    for (const item of items) await item.answer('Lost on the way.')
    await world.settle()
    let isBroken = true
    const newId = () => {
      if (!isBroken) return world.deps.newId()
      isBroken = false
      throw new Error('a bug shows')
    }
    const { organizationId, connectionId } = world.ids
    await expect(reconcileConnection({ ...world.deps, newId }, { organizationId, connectionId })).rejects.toThrow(
      'a bug shows',
    )
    const heard = async () =>
      (await Promise.all(items.map((item) => bodies(item.vulnerabilityId)))).map((of) => of.length)
    expect((await heard()).toSorted()).toEqual([0, 1])
    await world.reconcile()
    expect(await heard()).toEqual([1, 1])
  })

  test('a lost change of state is found by reconciliation', async () => {
    if (mode !== 'legacy') return
    const item = await world.sendProblem()
    world.simulator.planWebhookFault({ action: { kind: 'drop' } })
    await world.dana.call('PUT', item.path, { state: 'resolved' })
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
    await world.reconcile()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('awaiting_validation')
  })

  test('failure 11: webhooks in the wrong order end in the right text', async () => {
    const item = await world.sendProblem()
    world.simulator.planWebhookFault({ times: 100, action: { kind: 'hold' } })
    const first = await item.answer('First words')
    if (mode === '2026')
      await world.dana.call('PUT', `${item.path}/comments/${first}`, { content: { raw: 'Better words' } })
    await item.answer('Second words')
    await world.settle()
    world.simulator.clearFaults()
    expect(await bodies(item.vulnerabilityId)).toEqual([
      mode === '2026' ? 'Better words' : 'First words',
      'Second words',
    ])
  })

  test('failure 12: ten comments in the same second all arrive, once and in order', async () => {
    const item = await world.sendProblem()
    const texts = Array.from({ length: 10 }, (_, index) => `Comment ${index}`)
    for (const text of texts) await item.answer(text)
    await world.settle()
    expect(await bodies(item.vulnerabilityId)).toEqual(texts)
  })

  test('a comment about something else is ignored, with a sentence that says so', async () => {
    if (mode === 'legacy') {
      await world.dana.call('POST', '/issues', { title: 'Not ours' })
    } else await world.dana.call('POST', '/pullrequests/5/comments', { content: { raw: 'Nice.' } })
    await world.settle()
    const delivery = await newest()
    expect(delivery.state).toBe('ignored')
    expect(delivery.outcome).toMatch(/Weir (did not make this issue|made)/)
  })

  test('a webhook of a repository Weir does not follow is ignored', async () => {
    const { user } = world.dana
    const authorization = `Basic ${Buffer.from(`${user.email}:${user.api_token}`).toString('base64')}`
    const answer = await fetch(
      `${world.simulator.api}/repositories/meadow-goods/invoice-service/pullrequests/4/comments`,
      {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ content: { raw: 'Elsewhere' } }),
      },
    )
    expect(answer.status).toBe(201)
    await world.settle()
    expect(await newest()).toMatchObject({
      state: 'ignored',
      outcome: 'Weir does not follow the repository meadow-goods/invoice-service.',
    })
  })

  test('a body that is no JSON fails with its reason and stays in the log', async () => {
    const { organizationId, webhookId, connectionId } = world.ids
    const id = world.deps.newId()
    await world.db
      .insertInto('delivery')
      .values({
        organization_id: organizationId,
        id,
        webhook_id: webhookId,
        connection_id: connectionId,
        remote_delivery_id: 'broken',
        event_key: 'pullrequest:comment_created',
        body: Buffer.from('<html>'),
        body_sha256: 'broken',
        state: 'received',
        received_at: new Date(),
      })
      .execute()
    await processDelivery(world.deps, { organizationId, deliveryId: id })
    expect(await newest()).toMatchObject({ state: 'failed', error: 'The body is not JSON.' })
  })
})

test('failure 13: what Bitbucket never sends, because its payload is too large, is found by reconciliation', async () => {
  const world = await createSyncWorld({ mode: '2026' })
  try {
    const item = await world.sendProblem()
    // It travels with every comment on the pull request.
    await world.dana.call('PUT', item.path, { description: 'x'.repeat(100_000) })
    await world.settle()
    const sent = world.simulator.deliveries.length
    await item.answer('Nobody was told.')
    await world.settle()
    expect(world.simulator.deliveries.slice(sent).map(({ state }) => state)).toContain('too_large')
    expect(await world.thread(item.vulnerabilityId)).toEqual([])
    await world.reconcile()
    expect((await world.thread(item.vulnerabilityId)).map(({ body }) => body)).toEqual(['Nobody was told.'])
  } finally {
    await world.close()
  }
})
