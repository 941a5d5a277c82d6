import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJiraWorld, type JiraWorld } from '../../../test/jira-world.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { expectEarlierAttempts } from '../../store/sync/expect-earlier-attempts.ts'
import { pushDefect } from './push-defect.ts'
import { sendVulnerability } from './send-vulnerability.ts'

describe.each(['2026', 'legacy'] as const)('failure 45: a restore from an old backup, in %s mode', (mode) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())

  /** Rows of these tables as a backup has them now; answers how to bring them back. */
  const backUp = async () => {
    const { db, open } = world
    const [defects, operations, links, messages] = [
      await db.selectFrom('defect').selectAll().execute(),
      await db.selectFrom('operation').selectAll().execute(),
      await db.selectFrom('message_link').selectAll().execute(),
      await db.selectFrom('message').select('id').execute(),
    ]
    return async () => {
      await db.deleteFrom('message_link').execute()
      await db.deleteFrom('operation').execute()
      await db.deleteFrom('notification').execute()
      const kept = messages.map(({ id }) => id)
      await db
        .deleteFrom('message')
        .where((where) => (kept.length === 0 ? where.lit(true) : where('id', 'not in', kept)))
        .execute()
      const known = defects.map(({ id }) => id)
      await db
        .deleteFrom('defect')
        .where((where) => (known.length === 0 ? where.lit(true) : where('id', 'not in', known)))
        .execute()
      // What PostgreSQL works out itself cannot be set.
      for (const { id, item_key: _key, item_pull_request: _pullRequest, ...row } of defects)
        await db
          .updateTable('defect')
          .set({
            ...row,
            remote: JSON.stringify(row.remote),
            agreed: JSON.stringify(row.agreed),
            kept: JSON.stringify(row.kept),
          })
          .where('id', '=', id)
          .execute()
      for (const row of operations) {
        const json = { payload: JSON.stringify(row.payload), attempt_log: JSON.stringify(row.attempt_log) }
        await db
          .insertInto('operation')
          .values({ ...row, ...json })
          .execute()
      }
      for (const row of links) await db.insertInto('message_link').values(row).execute()
      const client = await open.pool.connect()
      await expectEarlierAttempts(client)
      client.release()
    }
  }
  const push = (defectId: string) => pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId })

  test('what was sent after it is found, not sent again, and what was answered since comes back', async () => {
    const item = await world.sendProblem()
    await world.say(item.vulnerabilityId, 'Waited when the backup was made.')
    const restore = await backUp()
    await world.settle()
    await item.answer('Said after the backup.')
    await world.settle()
    await restore()
    await push(item.defectId)
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    const bodies = (await world.thread(item.vulnerabilityId)).map((one) => one.body)
    expect(bodies.toSorted()).toEqual(['Said after the backup.', 'Waited when the backup was made.'])
    const remote = await item.remoteTexts()
    expect(remote.map((text) => text.split('\n')[0]).toSorted()).toEqual(bodies.toSorted())
  })

  test('an item that was made after it is found by its marker', async () => {
    const { organizationId } = world.ids
    const vulnerabilityId = await world.addProblem()
    const sent = await sendVulnerability(world.deps, { organizationId, vulnerabilityId, actor: world.champion })
    world.state.jobs.length = 0
    const restore = await backUp()
    await push(sent.id)
    const before = await world.itemOf(vulnerabilityId)
    await restore()
    await push(sent.id)
    const after = await world.itemOf(vulnerabilityId)
    expect([after.defectId, after.rootId, after.path]).toEqual([before.defectId, before.rootId, before.path])
  })

  test('a vulnerability that was first sent after it and is sent again takes its item up, with what was said there', async () => {
    const { organizationId } = world.ids
    const vulnerabilityId = await world.addProblem()
    const restore = await backUp()
    const input = { organizationId, vulnerabilityId, actor: world.champion }
    const first = await sendVulnerability(world.deps, input)
    await world.settle()
    const before = await world.itemOf(vulnerabilityId)
    await before.answer('Said after the backup.')
    await world.settle()
    await restore()
    const again = await sendVulnerability(world.deps, input)
    expect(again).toMatchObject({ id: first.id, link: 'pending' })
    await world.settle()
    const after = await world.itemOf(vulnerabilityId)
    expect([after.rootId, after.path]).toEqual([before.rootId, before.path])
    expect((await world.thread(vulnerabilityId)).map(({ body }) => body)).toEqual(['Said after the backup.'])
    await world.say(vulnerabilityId, 'Heard.')
    await world.settle()
    expect((await after.remoteTexts()).map((text) => text.split('\n')[0])).toEqual(['Said after the backup.', 'Heard.'])
  })

  test('a vulnerability that came after it is not looked for before it is sent', async () => {
    await (await backUp())()
    const { db } = world
    await db
      .updateTable('instance')
      .set({ restored_at: new Date(Date.now() - 60_000) })
      .execute()
    const vulnerabilityId = await world.addProblem()
    world.simulator.requests.length = 0
    await world.send(vulnerabilityId)
    const asked = world.simulator.requests.filter(({ path }) => path.includes('q='))
    expect(asked).toEqual([])
  })
})

describe('a restore from an old backup, in Jira', () => {
  let world: JiraWorld
  beforeAll(async () => {
    world = await createJiraWorld({ settings: { project: '10000', issueType: '10004' } })
  })
  afterAll(() => world.close())

  test('a vulnerability that was first sent after it and is sent again takes its issue up, closed as it is by now', async () => {
    const { db } = world
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    const issue = await world.issueOf(vulnerabilityId)
    await world.step(vulnerabilityId, '31')
    await db.deleteFrom('operation').execute()
    await db.deleteFrom('delivery').execute()
    await db.deleteFrom('defect').execute()
    await db.updateTable('instance').set({ restored_at: new Date() }).execute()
    await world.send(vulnerabilityId)
    await world.settle()
    expect((await world.issueOf(vulnerabilityId)).id).toBe(issue.id)
    expect(await world.statusOf(vulnerabilityId)).toBe('awaiting_validation')
  })
})
