import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { linkItem } from './link-item.ts'
import { unlinkItem } from './unlink-item.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
})
afterAll(() => world.close())

const actor = () => ({ ...world.champion, ipAddress: null })
const link = (vulnerabilityId: string, item: string) =>
  linkItem(world.deps, { organizationId: world.ids.organizationId, vulnerabilityId, item, actor: actor() })
const unlink = (defectId: string) =>
  unlinkItem(world.deps, { organizationId: world.ids.organizationId, defectId, actor: actor() })

/** An issue people made, with what they said on it. */
async function writeIssue(comments: readonly string[] = []) {
  const content = { raw: 'Orders of others can be read.' }
  const { id } = await world.dana.call('POST', '/issues', { title: 'Orders leak', content })
  for (const raw of comments) await say(id, raw)
  return { id: Number(id), address: `${world.simulator.web}/meadow-goods/storefront-api/issues/${id}/orders-leak` }
}

const say = (issue: number, raw: string) => world.dana.call('POST', `/issues/${issue}/comments`, { content: { raw } })
const descriptionOf = async (issue: number): Promise<string> =>
  (await world.dana.call('GET', `/issues/${issue}`)).content.raw
const bodies = async (vulnerabilityId: string) => (await world.thread(vulnerabilityId)).map(({ body }) => body)
const calls = async () => (await world.db.selectFrom('notification').select('id').execute()).length

describe('linking a vulnerability to a Bitbucket issue that people made', () => {
  test('marks it unseen, takes in what was said without calling anybody, and talks on from there', async () => {
    const vulnerabilityId = await world.addProblem()
    const issue = await writeIssue(['Found by a customer', 'weir done'])
    await world.settle()
    const before = await calls()
    const linked = await link(vulnerabilityId, issue.address)
    expect(linked).toMatchObject({ link: 'pending', tracker: 'bitbucket-issues', remote_id: String(issue.id) })
    await world.settle()
    expect(await descriptionOf(issue.id)).toMatch(
      new RegExp(`^Orders of others can be read\\.\n\n\\[weir\\]: #\\w+-${linked.id}\n$`),
    )
    expect(await bodies(vulnerabilityId)).toEqual(['Found by a customer', 'weir done'])
    expect(await calls()).toBe(before)
    expect(await world.statusOf(vulnerabilityId)).toBe('identified')
    await say(issue.id, 'What do you see?')
    await world.say(vulnerabilityId, 'A query made of user input.')
    await world.settle()
    expect(await bodies(vulnerabilityId)).toHaveLength(4)
    expect(await calls()).toBeGreaterThan(before)
    const item = await world.itemOf(vulnerabilityId)
    expect(await item.remoteTexts()).toHaveLength(4)
    await world.reconcile(true)
    expect(await bodies(vulnerabilityId)).toHaveLength(4)
  })

  test('by its number alone it is of the asset’s repository, and one that is closed is a developer’s done', async () => {
    const vulnerabilityId = await world.addProblem()
    const issue = await writeIssue()
    await world.dana.call('PUT', `/issues/${issue.id}`, { state: 'resolved' })
    await link(vulnerabilityId, `#${issue.id}`)
    await world.settle()
    expect(await world.statusOf(vulnerabilityId)).toBe('awaiting_validation')
    expect((await world.dana.call('GET', `/issues/${issue.id}`)).state).toBe('resolved')
  })

  test.each([
    ['#99999', 'shows our account no such issue. Look at its number'],
    ['SHOP-12', 'no Jira is connected'],
    ['https://elsewhere.example/meadow-goods/storefront-api/issues/1', 'elsewhere.example is not connected'],
    ['/meadow-goods/storefront-api/pull-requests/1', 'a discussion cannot be linked, only an issue'],
    ['/meadow-goods/storefront-api/commits/abc#comment-7', 'a discussion cannot be linked, only an issue'],
    ['/meadow-goods/unknown/issues/1', 'meadow-goods/unknown is no repository of an asset'],
    ['/meadow-goods/storefront-api/issues', 'this is no number of an issue'],
  ])('%s is refused with the reason', async (item, reason) => {
    const vulnerabilityId = await world.addProblem()
    const named = item.startsWith('/') ? `${world.simulator.web}${item}` : item
    await expect(link(vulnerabilityId, named)).rejects.toMatchObject({
      code: 'validation_failed',
      detail: expect.stringContaining(reason),
      // Beside the field it is about.
      meta: { fields: { item: [expect.stringContaining(reason)] } },
    })
  })

  test('an issue that another vulnerability holds, or another Weir, is refused', async () => {
    const { vulnerabilityId } = await world.sendProblem({ title: 'The first one' })
    const other = await world.addProblem()
    const { remote_id: held } = await world.db
      .selectFrom('defect')
      .select('remote_id')
      .where('vulnerability_id', '=', vulnerabilityId)
      .executeTakeFirstOrThrow()
    await expect(link(other, `#${held}`)).rejects.toMatchObject({
      detail: expect.stringContaining('The first one has this issue already'),
    })
    const foreign = await writeIssue()
    const raw = `Theirs\n\n[weir]: #zzz-${world.deps.newId()}\n`
    await world.dana.call('PUT', `/issues/${foreign.id}`, { content: { raw } })
    await expect(link(other, foreign.address)).rejects.toMatchObject({
      detail: expect.stringContaining('Another Weir keeps this issue'),
    })
  })
})

describe('parting a vulnerability from its Bitbucket issue', () => {
  test('leaves the issue as people made it; what happens there is none of ours, until the two are linked again', async () => {
    const vulnerabilityId = await world.addProblem()
    const issue = await writeIssue(['Before'])
    const { id } = await link(vulnerabilityId, issue.address)
    await world.settle()
    await world.say(vulnerabilityId, 'Ours')
    await world.settle()
    await unlink(id)
    await world.settle()
    expect(await descriptionOf(issue.id)).toBe('Orders of others can be read.')
    await say(issue.id, 'Meanwhile')
    await world.dana.call('PUT', `/issues/${issue.id}`, { state: 'resolved' })
    await world.settle()
    await world.reconcile(true)
    expect(await bodies(vulnerabilityId)).toEqual(['Before', 'Ours'])
    expect(await world.statusOf(vulnerabilityId)).toBe('identified')
    await world.dana.call('PUT', `/issues/${issue.id}`, { state: 'open' })
    expect((await link(vulnerabilityId, issue.address)).id).toBe(id)
    await world.settle()
    expect(await bodies(vulnerabilityId)).toEqual(['Before', 'Ours', 'Meanwhile'])
    expect(await descriptionOf(issue.id)).toContain(id)
  })

  test('an issue Weir made can be parted too, and given to another one', async () => {
    const { vulnerabilityId, defectId, path } = await world.sendProblem()
    await unlink(defectId)
    const other = await world.addProblem()
    await link(other, path.replace('/issues/', '#'))
    await world.settle()
    expect((await world.itemOf(other)).path).toBe(path)
    await world.send(vulnerabilityId)
    expect((await world.itemOf(vulnerabilityId)).path).not.toBe(path)
  })
})
