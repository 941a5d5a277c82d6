import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { listNotifications } from '../notifications.ts'
import { queueCommitTelling } from './queue-commit-telling.ts'
import { reportCommit } from './report-commit.ts'

let world: SyncWorld
const branch = 'feature/product-badges'
const pullRequestId = '5'
const comments = `/pullrequests/${pullRequestId}/comments`
type Text = { id: number; deleted?: boolean; content: { raw: string }; parent?: { id: number } }

beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterAll(() => world.close())
beforeEach(async () => {
  world.simulator.clearFaults()
  for (const one of await all())
    if (one.content.raw.startsWith('**Weir:**')) await world.bot.call('DELETE', `${comments}/${one.id}`)
  await world.settle()
  await world.db.deleteFrom('pull_request_summary').execute()
  await world.db.updateTable('vulnerability').set({ status: 'fixed' }).execute()
})

const all = async (): Promise<Text[]> =>
  (await world.dana.call('GET', `${comments}?pagelen=100`)).values.filter((one: Text) => one.deleted !== true)
const queue = async (of = branch) => {
  const { organizationId, assetId, importId } = world.ids
  const scan = { organizationId, assetId, importId, branch: of, commitHash: null, pullRequestId }
  await world.db.transaction().execute((tx) => queueCommitTelling(world.deps, tx, scan))
}
/** Has a summary of two written; answers its comment and the two, the worse first. */
const summarize = async () => {
  const lesser = await world.addProblem({ branch, title: 'Weak hash' })
  await world.db.updateTable('vulnerability').set({ severity: 'low' }).where('id', '=', lesser).execute()
  const worse = await world.addProblem({ branch, title: 'Key in the code' })
  await queue()
  await world.settle()
  const summary = (await all()).find((one) => one.content.raw.startsWith('**Weir:**'))
  if (summary === undefined) throw new Error('There is no summary.')
  return { summary, worse, lesser }
}
const reply = async (parent: number, raw: string): Promise<number> => {
  const { id } = await world.dana.call('POST', comments, { content: { raw }, parent: { id: parent } })
  await world.settle()
  return id
}
const below = async (id: number) => (await all()).filter((one) => one.parent?.id === id).map((one) => one.content.raw)
const notes = async (vulnerabilityId: string) =>
  (await world.thread(vulnerabilityId)).filter(({ internal }) => internal).map(({ body }) => body)
const numberOf = async (id: string) =>
  (await world.db.selectFrom('vulnerability').select('number').where('id', '=', id).executeTakeFirstOrThrow()).number

test('an answer to the summary becomes a note on the worst, calls the champions, and the first is told where to write', async () => {
  const { summary, worse } = await summarize()
  const first = await reply(summary.id, 'Why is this red?')
  expect(await notes(worse)).toEqual(['**Below the summary of pull request 5:** Why is this red?'])
  const [answer, ...more] = await below(first)
  expect(more).toEqual([])
  expect(answer).toMatch(
    /^Tomas Okoye: Security was told, with \[WEIR-\d+\]\(https:\/\/weir\.example\/.+answer in its own thread/,
  )
  const { organizationId, champion: memberId } = world.ids
  const inbox = await listNotifications(world.deps, { organizationId, memberId })
  expect(inbox.items[0]).toMatchObject({
    kind: 'message',
    subject: 'Tomas Okoye, below the summary of pull request 5: Why is this red?',
  })
  const second = await reply(first, 'Anybody?')
  expect(await notes(worse)).toHaveLength(2)
  expect(await below(second)).toEqual([])
})

test('one that names a vulnerability goes there', async () => {
  const { summary, worse, lesser } = await summarize()
  await reply(summary.id, `WEIR-${await numberOf(lesser)} is in dead code.`)
  expect(await notes(lesser)).toHaveLength(1)
  expect(await notes(worse)).toEqual([])
})

test('a command has no effect there and is told so every time; help is given', async () => {
  const { summary, worse } = await summarize()
  const help = await reply(summary.id, 'weir help')
  expect((await below(help))[0]).toContain('`weir done`')
  expect(await notes(worse)).toEqual([])
  const done = await reply(summary.id, 'weir done')
  expect((await below(done))[0]).toContain('A command counts below one of them.')
  expect(await world.statusOf(worse)).toBe('identified')
})

test('it is taken in once, also when its webhook comes again and when writing our answer broke off', async () => {
  const { summary, worse } = await summarize()
  world.simulator.planFault({
    method: 'POST',
    path: '*/comments',
    from: 2,
    times: 1,
    action: { kind: 'cut', when: 'after' },
  })
  const id = await reply(summary.id, 'Is this a test?')
  await world.db.updateTable('delivery').set({ state: 'received', attempts: 0, next_attempt_at: null }).execute()
  await world.settle()
  expect(await below(id)).toHaveLength(1)
  expect(await notes(worse)).toHaveLength(1)
})

test('one whose webhook was lost is found by the daily comparison, and once', async () => {
  const { summary, worse } = await summarize()
  world.simulator.planWebhookFault({ event: 'pullrequest:comment_created', action: { kind: 'drop' } })
  const id = await reply(summary.id, 'Did anybody hear this?')
  expect(await notes(worse)).toEqual([])
  await world.reconcile()
  expect(await notes(worse)).toEqual([])
  await world.reconcile(true)
  await world.reconcile(true)
  expect(await notes(worse)).toEqual(['**Below the summary of pull request 5:** Did anybody hear this?'])
  expect(await below(id)).toHaveLength(1)
})

test('deleting the summary is a decision from that moment on', async () => {
  const { summary } = await summarize()
  await world.dana
    .call('DELETE', `${comments}/${summary.id}`)
    .catch(() => world.bot.call('DELETE', `${comments}/${summary.id}`))
  await world.settle()
  const row = await world.db.selectFrom('pull_request_summary').select('state').executeTakeFirstOrThrow()
  expect(row.state).toBe('removed')
  await world.addProblem({ branch, line: 16 })
  await queue()
  await world.settle()
  expect((await all()).filter((one) => one.content.raw.startsWith('**Weir:**'))).toEqual([])
})

test('two workers with scans of two branches write one summary of the pull request', async () => {
  await world.addProblem({ branch })
  await world.addProblem({ branch: 'feature/product-badges-2' })
  await queue()
  await queue('feature/product-badges-2')
  const jobs = world.state.jobs.splice(0).flatMap((job) => (job.name === 'report-commit' ? [job.data] : []))
  expect(jobs).toHaveLength(2)
  world.simulator.planFault({ method: 'POST', path: '*/comments', action: { kind: 'delay', ms: 300 } })
  await Promise.all(jobs.map((data) => reportCommit(world.deps, data)))
  await world.settle()
  expect((await all()).filter((one) => one.content.raw.startsWith('**Weir:**'))).toHaveLength(1)
})
