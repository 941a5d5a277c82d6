import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { insertDefects } from '../../store/sync/defects.ts'
import { applyMoves } from '../security/vulnerabilities/apply-move.ts'
import { pushDefect } from './push-defect.ts'
import { queueSends } from './queue-sends.ts'
import { sendVulnerability } from './send-vulnerability.ts'

const modes = ['2026', 'legacy'] as const

describe.each(modes)('in %s mode', (mode) => {
  let world: SyncWorld
  /** Path of the request that makes an item, and of one that makes a comment. */
  const creation = mode === 'legacy' ? '*/issues' : '*/comments'
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())

  /** Items at the remote that carry the marker of this defect. */
  const countItems = async (defectId: string): Promise<number> => {
    const { issues, pullRequests, commitComments } = repository()
    const texts = [
      ...issues.map((issue) => issue.raw),
      ...[...pullRequests.flatMap((one) => one.comments), ...commitComments].map((one) => one.raw ?? ''),
    ]
    return texts.filter((text) => text.includes(`-${defectId}`)).length
  }
  const repository = () => {
    const found = world.simulator.sim.repositories.find((one) => one.slug === 'storefront-api')
    if (found === undefined) throw new Error('no such repository')
    return found
  }
  const queue = async (vulnerabilityId: string) => {
    const { organizationId } = world.ids
    const sent = await sendVulnerability(world.deps, { organizationId, vulnerabilityId, actor: world.champion })
    world.state.jobs.length = 0
    return { organizationId, defectId: sent.id }
  }

  test('failure 1: the echo of an own comment is no message', async () => {
    const item = await world.sendProblem()
    await world.say(item.vulnerabilityId, 'Please look at line 15.')
    await world.settle()
    expect((await world.thread(item.vulnerabilityId)).map((one) => one.body)).toEqual(['Please look at line 15.'])
    expect(await item.remoteTexts()).toHaveLength(1)
    await world.reconcile(true)
    await world.settle()
    expect(await world.thread(item.vulnerabilityId)).toHaveLength(1)
    expect(await item.remoteTexts()).toHaveLength(1)
  })

  test('failure 2: the echo of an own state change moves nothing', async () => {
    const item = await world.sendProblem()
    const { vulnerabilityId } = item
    await world.db.transaction().execute((tx) =>
      applyMoves(world.deps, tx, {
        organizationId: world.ids.organizationId,
        moves: [{ vulnerabilityId, to: 'fixed', importId: world.ids.importId }],
        actor: { kind: 'scan', importId: world.ids.importId, name: 'import of report.sarif' },
        moveActor: 'scan',
      }),
    )
    await world.settle()
    expect(await world.statusOf(vulnerabilityId)).toBe('fixed')
    expect((await item.remoteTexts()).join()).toContain('Fixed: no longer found by import of report.sarif.')
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(vulnerabilityId)).toBe('fixed')
  })

  test('failure 3: a comment another installation mirrors is a message once, and goes nowhere from here', async () => {
    const item = await world.sendProblem()
    await item.answer('Mirrored text\n\n[weir]: #0123456789ab-m-018f0000-0000-7000-8000-000000000001\n')
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    expect((await world.thread(item.vulnerabilityId)).map((one) => one.body)).toEqual(['Mirrored text'])
    expect(await item.remoteTexts()).toHaveLength(1)
  })

  test('what a person says below a copy of our own comment, marker and all, is a message', async () => {
    const item = await world.sendProblem()
    await world.say(item.vulnerabilityId, 'Is this reachable?')
    await world.settle()
    const [ours] = await item.remoteTexts()
    await item.answer(`I do not think so.\n\n${ours}`)
    await world.settle()
    await world.reconcile(true)
    const bodies = (await world.thread(item.vulnerabilityId)).map((one) => one.body)
    expect(bodies).toHaveLength(2)
    expect(bodies[1]).toContain('I do not think so.')
    expect(await item.remoteTexts()).toHaveLength(2)
  })

  test('failure 4: a creation that timed out but succeeded makes no second item', async () => {
    const key = await queue(await world.addProblem())
    world.simulator.planFault({
      method: 'POST',
      path: creation,
      action: { kind: 'cut', when: 'after' },
    })
    await pushDefect(world.deps, key)
    expect(await countItems(key.defectId)).toBe(1)
    const [waiting] = await world.db.selectFrom('operation').selectAll().where('defect_id', '=', key.defectId).execute()
    expect(waiting).toMatchObject({ state: 'queued', attempts: 1, error_code: 'remote_unavailable' })
    world.later(10_000)
    await pushDefect(world.deps, key)
    await world.settle()
    expect(await countItems(key.defectId)).toBe(1)
    const [done] = await world.db.selectFrom('operation').selectAll().where('defect_id', '=', key.defectId).execute()
    expect(done).toMatchObject({ state: 'done', attempts: 2 })
  })

  test('a comment whose creation timed out but succeeded is written once', async () => {
    const item = await world.sendProblem()
    await world.say(item.vulnerabilityId, 'Said once.')
    world.simulator.planFault({
      method: 'POST',
      path: '*/comments',
      action: { kind: 'cut', when: 'after' },
    })
    await pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId: item.defectId })
    world.later(10_000)
    await pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId: item.defectId })
    await world.settle()
    expect((await item.remoteTexts()).filter((text) => text.includes('Said once.'))).toHaveLength(1)
    expect((await world.thread(item.vulnerabilityId)).map((one) => [one.body, one.links[0]?.state])).toEqual([
      ['Said once.', 'sent'],
    ])
  })

  test('failure 5: a worker that dies between creating and saving leaves one item, and the next one finds it', async () => {
    const key = await queue(await world.addProblem())
    let made = false
    const dying = {
      ...world.deps,
      // The first id is needed when the item exists and its link is about to be saved.
      newId: () => {
        if (made) return world.deps.newId()
        made = true
        throw new Error('the worker dies here')
      },
    }
    await pushDefect(dying, key)
    expect(made).toBe(true)
    expect(await countItems(key.defectId)).toBe(1)
    const before = await world.db.selectFrom('defect').selectAll().where('id', '=', key.defectId).executeTakeFirst()
    expect(before).toMatchObject({ link: 'pending', remote_id: null })
    world.later(60_000)
    await pushDefect(world.deps, key)
    await world.settle()
    expect(await countItems(key.defectId)).toBe(1)
    const after = await world.db.selectFrom('defect').selectAll().where('id', '=', key.defectId).executeTakeFirst()
    expect(after?.link).toBe('ok')
    expect(after?.remote_id).not.toBeNull()
  })

  test('failure 6: two workers at once make one item', async () => {
    const key = await queue(await world.addProblem())
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => pushDefect(world.deps, key)))
    expect(outcomes.filter((outcome) => outcome.kind === 'idle' && outcome.attempted === 1)).toHaveLength(1)
    await world.settle()
    expect(await countItems(key.defectId)).toBe(1)
  })

  test('two sends at once are one defect', async () => {
    const vulnerabilityId = await world.addProblem()
    const send = () =>
      sendVulnerability(world.deps, {
        organizationId: world.ids.organizationId,
        vulnerabilityId,
        actor: world.champion,
      })
    const [one, other] = await Promise.all([send(), send()])
    expect(one.id).toBe(other.id)
    await world.settle()
    expect(await countItems(one.id)).toBe(1)
  })

  test("failure 7: two vulnerabilities at the same place have an item each, and neither takes the other's", async () => {
    const one = await world.sendProblem({ title: 'First of two' })
    const other = await world.sendProblem({ title: 'Second of two' })
    const rows = await world.db
      .selectFrom('defect')
      .select('remote_id')
      .where('id', 'in', [one.defectId, other.defectId])
      .execute()
    expect(new Set(rows.map((row) => row.remote_id)).size).toBe(2)
    await one.answer('To the first.')
    await world.settle()
    expect((await world.thread(one.vulnerabilityId)).map((message) => message.body)).toEqual(['To the first.'])
    expect(await world.thread(other.vulnerabilityId)).toEqual([])
  })

  test('failure 8: what was merged into another before it was sent is not sent', async () => {
    const [survivor, merged] = [await world.addProblem(), await world.addProblem()]
    await world.db.updateTable('vulnerability').set({ merged_into: survivor }).where('id', '=', merged).execute()
    const outcome = await world.db.transaction().execute((tx) =>
      queueSends(world.deps, tx, {
        organizationId: world.ids.organizationId,
        vulnerabilityIds: [survivor, merged],
        actor: { kind: 'system', name: 'policy' },
        lane: 'bulk',
      }),
    )
    expect(outcome.queued.map((one) => one.vulnerabilityId)).toEqual([survivor])
    expect(outcome.skipped).toEqual([{ vulnerabilityId: merged, reason: 'It was merged into another vulnerability.' }])
  })

  test('a second live defect of the same vulnerability and tracker cannot be written', async () => {
    const item = await world.sendProblem()
    const defect = {
      organizationId: world.ids.organizationId,
      id: world.deps.newId(),
      vulnerabilityId: item.vulnerabilityId,
      tracker: mode === 'legacy' ? 'bitbucket-issues' : 'bitbucket-discussions',
      connectionId: world.ids.connectionId,
      repositoryId: world.ids.repositoryId,
      containerId: 'any',
      now: new Date(),
    }
    expect([...(await insertDefects(world.db, [defect]))]).toEqual([])
  })
})
