import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NewProblem } from '../../../test/insert-problem.ts'
import { createJiraWorld, type JiraWorld } from '../../../test/jira-world.ts'
import { removeItem } from '../../../test/remove-item.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { findDefect } from '../../store/sync/defects.ts'
import { receiveComment } from './receive-comment.ts'

type World = Pick<JiraWorld, 'deps' | 'db' | 'ids' | 'later' | 'thread'>

/** What webhooks of all comments of an item do that come when nothing of it is left. */
async function hearLate(world: World, defectId: string, isCertain = false): Promise<string[]> {
  const { organizationId } = world.ids
  const links = await world.db.selectFrom('message_link').selectAll().where('defect_id', '=', defectId).execute()
  const outcomes: string[] = []
  for (const { remote_comment_id: commentId } of links) {
    const defect = await findDefect(world.db, { organizationId, id: defectId })
    if (defect === undefined || commentId === null) throw new Error('Nothing was written there.')
    const heard = { defect, commentId, lane: 'webhook' as const, isCertain }
    outcomes.push((await receiveComment(world.deps, heard)).outcome)
  }
  return outcomes
}

async function expectKept(world: World, { defectId, vulnerabilityId }: { defectId: string; vulnerabilityId: string }) {
  const link = async () =>
    (await world.db.selectFrom('defect').select('link').where('id', '=', defectId).executeTakeFirst())?.link
  const texts = async () =>
    (await world.thread(vulnerabilityId)).map(({ body, deleted_at: at }) => (at === null ? body : null)).toSorted()
  expect(await hearLate(world, defectId)).toEqual([
    expect.stringContaining('The item was not found'),
    expect.stringContaining('The item was not found'),
  ])
  expect(await link()).toBe('ok')
  expect(await texts()).toEqual(['Ours', 'Theirs'])
  world.later(61_000)
  await hearLate(world, defectId)
  expect(await link()).toBe('missing')
  expect(await texts()).toEqual(['Ours', 'Theirs'])
  await hearLate(world, defectId, true)
  expect(await texts()).toEqual([null, null])
}

describe.each(['2026', 'legacy'] as const)('a late webhook of a comment, in %s mode', (mode) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())

  // An issue, a thread of a pull request, a comment on a commit.
  const places: NewProblem[] = mode === 'legacy' ? [{}] : [{}, { path: null, line: null }]

  test.each(places)('takes no message away when the item is gone, unless a deletion is told (%j)', async (place) => {
    const item = await world.sendProblem(place)
    await world.say(item.vulnerabilityId, 'Ours')
    await world.settle()
    await item.answer('Theirs')
    await world.settle()
    const defect = await findDefect(world.db, { organizationId: world.ids.organizationId, id: item.defectId })
    removeItem(world.simulator, defect?.remote_id ?? '')
    await expectKept(world, item)
  })
})

test('a late webhook of a comment takes no message away when an issue of Jira is gone', async () => {
  const world = await createJiraWorld({ settings: { project: '10000', issueType: '10004' } })
  try {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    await world.say(vulnerabilityId, 'Ours')
    await world.settle()
    await world.answer(vulnerabilityId, 'Theirs')
    await world.settle()
    const issue = await world.issueOf(vulnerabilityId)
    world.simulator.sim.issues.splice(world.simulator.sim.issues.indexOf(issue), 1)
    await expectKept(world, { defectId: (await world.defectOf(vulnerabilityId)).id, vulnerabilityId })
  } finally {
    await world.close()
  }
})
