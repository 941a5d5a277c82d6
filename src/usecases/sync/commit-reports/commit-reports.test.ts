import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { listDueCommitReports } from '../../../store/sync/commit-reports.ts'
import { applyMoves } from '../../security/vulnerabilities/apply-move.ts'
import { capThreads } from './cap-threads.ts'
import { queueCommitTelling, type ScannedCommit } from './queue-commit-telling.ts'
import { reportCommit } from './report-commit.ts'

let world: SyncWorld
let head: string
const branch = 'feature/product-badges'
const pullRequestId = '5'

beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
  head = (await world.dana.call('GET', `/refs/branches/${branch}`)).target.hash
})
afterAll(() => world.close())
beforeEach(() => {
  world.state.jobs.length = 0
  world.simulator.requests.length = 0
})
afterEach(async () => {
  world.simulator.clearFaults()
  await world.db.deleteFrom('route').execute()
  await world.db.updateTable('vulnerability').set({ status: 'fixed' }).execute()
})

const queue = async (scan: Partial<ScannedCommit> = {}) => {
  const { organizationId, assetId, importId } = world.ids
  const place = { organizationId, assetId, importId, branch, commitHash: head, pullRequestId }
  await world.db.transaction().execute((tx) => queueCommitTelling(world.deps, tx, { ...place, ...scan }))
}
const tell = async (scan: Partial<ScannedCommit> = {}) => {
  await queue(scan)
  await world.settle()
}
const route = (settings: object, tracker = 'bitbucket-discussions') =>
  world.db
    .insertInto('route')
    .values({
      organization_id: world.ids.organizationId,
      id: world.deps.newId(),
      tracker,
      settings: JSON.stringify(settings),
    })
    .execute()
const rate = (id: string, severity: 'critical' | 'low') =>
  world.db.updateTable('vulnerability').set({ severity }).where('id', '=', id).execute()
const row = () =>
  world.db.selectFrom('commit_report').selectAll().where('branch', '=', branch).executeTakeFirstOrThrow()
const report = (hash = head) => world.dana.call('GET', `/commit/${hash}/reports/weir`)
const annotations = async (hash = head) =>
  (await world.dana.call('GET', `/commit/${hash}/reports/weir/annotations?pagelen=100`)).values
const status = (hash = head) => world.dana.call('GET', `/commit/${hash}/statuses/build/weir`)
type Text = { id: number; deleted?: boolean; content: { raw: string } }
const summaries = async (): Promise<Text[]> => {
  const listed = await world.dana.call('GET', `/pullrequests/${pullRequestId}/comments?pagelen=100`)
  return listed.values.filter((one: Text) => one.deleted !== true && one.content.raw.startsWith('**Weir:**'))
}
const writes = () => world.simulator.requests.filter(({ method }) => method !== 'GET')
/** As if no pull request had had a summary yet. */
const forgetSummaries = async () => {
  for (const { id } of await summaries())
    await world.bot.call('DELETE', `/pullrequests/${pullRequestId}/comments/${id}`)
  await world.db.deleteFrom('pull_request_summary').execute()
}

test('an import puts report, annotations and an ended build status on its commit', async () => {
  const worse = await world.addProblem({ branch, title: 'Key in the code', line: 3 })
  await rate(worse, 'critical')
  await world.addProblem({ branch })
  await tell()
  expect(await report()).toMatchObject({
    title: 'Weir',
    report_type: 'SECURITY',
    details: '1 critical, 1 high new in this pull request.',
  })
  const marks = await annotations()
  expect(marks).toHaveLength(2)
  expect(marks[0]).toMatchObject({ severity: 'CRITICAL', path: 'src/routes/orders.js', line: 3 })
  expect(await status()).toMatchObject({ state: 'SUCCESSFUL', name: 'Weir: 1 critical, 1 high new', refname: branch })
  expect(await row()).toMatchObject({ state: 'done', error: null })
})

test('a later import of the same commit replaces what is not open any more', async () => {
  await world.addProblem({ branch })
  const gone = await world.addProblem({ branch, line: 16 })
  await tell()
  await world.db.updateTable('vulnerability').set({ status: 'fixed' }).where('id', '=', gone).execute()
  await tell()
  expect(await annotations()).toHaveLength(1)
})

test('a new head is told again, by a short hash as well', async () => {
  await world.addProblem({ branch: 'main' })
  const main = (await world.dana.call('GET', '/refs/branches/main')).target.hash
  await tell({ branch: 'main', pullRequestId: null, commitHash: main.slice(0, 10) })
  expect((await report(main)).details).toBe('1 high open on this branch.')
  expect((await status(main)).state).toBe('SUCCESSFUL')
})

test('more than a hundred annotations go in batches', async () => {
  for (let line = 1; line <= 103; line++) await world.addProblem({ branch, line })
  await tell()
  const sent = writes().filter(({ path }) => path.endsWith('/annotations'))
  expect(sent).toHaveLength(2)
  const second = await world.dana.call('GET', `/commit/${head}/reports/weir/annotations?pagelen=100&page=2`)
  expect(second.values).toHaveLength(3)
})

test('only a build status that follows the gate can fail', async () => {
  await rate(await world.addProblem({ branch }), 'critical')
  await world.db
    .updateTable('import')
    .set({ branch, applied_at: world.deps.clock() })
    .where('id', '=', world.ids.importId)
    .execute()
  await route({ build_status: 'follows_gate' })
  await tell()
  expect((await status()).state).toBe('FAILED')
  expect((await report()).result).toBe('FAILED')
})

test('what the route switches off is not sent, and another tracker is sent nothing', async () => {
  await route({ commit_report: false, build_status: 'off', pull_request_summary: false })
  await world.addProblem({ branch })
  await tell()
  await world.db.deleteFrom('route').execute()
  await route({}, 'bitbucket-issues')
  await tell()
  expect(writes()).toEqual([])
})

test('a commit that Bitbucket does not have is no failure', async () => {
  await tell({ commitHash: 'f'.repeat(40), pullRequestId: null })
  expect(writes()).toEqual([])
  expect(await row()).toMatchObject({ state: 'done', error: `Bitbucket does not know the commit ${'f'.repeat(40)}.` })
})

test('a failing Bitbucket is asked again when the pause is over', async () => {
  await world.addProblem({ branch })
  const action = { kind: 'answer' as const, status: 503, body: '{"type": "error", "error": {"message": "No."}}' }
  world.simulator.planFault({ path: '*/statuses/build', times: 1, action })
  await tell()
  expect(await row()).toMatchObject({ state: 'queued', attempts: 1 })
  const { id, organization_id: organizationId } = await row()
  await reportCommit(world.deps, { organizationId, commitReportId: id })
  expect((await row()).attempts).toBe(1)
  world.later(10_000)
  const now = world.deps.clock()
  expect(await listDueCommitReports(world.db, { before: now, now, limit: 10 })).toEqual([
    { organizationId, commitReportId: id },
  ])
  await reportCommit(world.deps, { organizationId, commitReportId: id })
  expect(await row()).toMatchObject({ state: 'done', attempts: 2 })
  expect(await annotations()).toHaveLength(1)
})

test('a credential without the right ends it, and the log of the import says so', async () => {
  await world.addProblem({ branch })
  const action = { kind: 'answer' as const, status: 403, body: '{"type": "error", "error": {"message": "No."}}' }
  world.simulator.planFault({ path: '*/reports/weir', times: 10, action })
  await tell()
  expect((await row()).state).toBe('failed')
  const log = await world.db.selectFrom('import_log').select(['kind', 'detail']).execute()
  expect(log).toMatchObject([{ kind: 'warned', detail: expect.stringContaining('was not told about this commit') }])
})

test('a pull request has one summary: silence first, then one comment, updated in place', async () => {
  await forgetSummaries()
  await tell()
  expect(await summaries()).toEqual([])
  const first = await world.addProblem({ branch })
  await tell()
  const [made, ...more] = await summaries()
  expect(more).toEqual([])
  expect(made?.content.raw).toContain('1 high new in this pull request.')
  await world.addProblem({ branch, line: 16 })
  await tell()
  expect((await summaries()).map((one) => one.id)).toEqual([made?.id])
  expect((await summaries())[0]?.content.raw).toContain('2 high new')
  await tell()
  await world.db.updateTable('vulnerability').set({ status: 'fixed' }).execute()
  await tell()
  expect(await summaries()).toMatchObject([
    { id: made?.id, content: { raw: expect.stringContaining('nothing new is left') } },
  ])
  expect(first).not.toBe('')
})

test('a summary whose creation timed out but succeeded is not made twice', async () => {
  await forgetSummaries()
  await world.addProblem({ branch })
  world.simulator.planFault({
    method: 'POST',
    path: '*/pullrequests/5/comments',
    action: { kind: 'cut', when: 'after' },
  })
  await tell()
  expect(await row()).toMatchObject({ state: 'queued' })
  world.later(10_000)
  const { id, organization_id: organizationId } = await row()
  await reportCommit(world.deps, { organizationId, commitReportId: id })
  expect(await row()).toMatchObject({ state: 'done' })
  expect(await summaries()).toHaveLength(1)
})

test.each([false, true])(
  'a summary that a person deleted is not made again (with an answer: %s)',
  async (isAnswered) => {
    await forgetSummaries()
    await world.addProblem({ branch })
    await tell()
    const [made] = await summaries()
    const comments = `/pullrequests/${pullRequestId}/comments`
    if (isAnswered)
      await world.dana.call('POST', comments, { content: { raw: 'No, thanks.' }, parent: { id: made?.id } })
    await world.bot.call('DELETE', `${comments}/${made?.id ?? ''}`)
    for (const line of [21, 22]) {
      await world.addProblem({ branch, line })
      await tell()
    }
    expect(await summaries()).toEqual([])
  },
)

test('policies begin as many threads in a pull request as the route allows', async () => {
  const wanted = ['a', 'b', 'c', 'd']
  const { organizationId, assetId } = world.ids
  const cap = (scan: { pullRequestId: string | null }) =>
    world.db
      .transaction()
      .execute((tx) => capThreads(tx, { organizationId, assetId, branch: 'feature/capped', ...scan }, wanted))
  expect(await cap({ pullRequestId: '6' })).toEqual(wanted)
  await route({ threads_at_most: 3 })
  expect(await cap({ pullRequestId: '6' })).toEqual(['a', 'b', 'c'])
  expect(await cap({ pullRequestId: null })).toEqual(wanted)
  await world.sendProblem({ branch: 'feature/capped' })
  expect(await cap({ pullRequestId: '6' })).toEqual(['a', 'b'])
})

test('a decision is told along in a moment, once for many; what was never told stays untold', async () => {
  await forgetSummaries()
  const first = await world.addProblem({ branch })
  const second = await world.addProblem({ branch, line: 16 })
  await tell()
  const { organizationId } = world.ids
  const decide = (vulnerabilityId: string) =>
    world.db.transaction().execute((tx) =>
      applyMoves(world.deps, tx, {
        organizationId,
        moves: [{ vulnerabilityId, to: 'false_positive', reason: 'A test' }],
        actor: world.champion,
        moveActor: 'champion',
      }),
    )
  world.simulator.requests.length = 0
  await decide(first)
  await decide(second)
  await decide(await world.addProblem({ branch: 'never-told' }))
  await world.settle()
  expect(writes()).toEqual([])
  world.later(20_000)
  await reportCommit(world.deps, { organizationId, commitReportId: (await row()).id })
  expect((await report()).details).toBe('Nothing new in this pull request.')
  expect((await summaries())[0]?.content.raw).toContain('nothing new is left')
  expect(writes().filter(({ path }) => path.endsWith('/statuses/build'))).toHaveLength(1)
  expect(await world.db.selectFrom('commit_report').select('id').where('branch', '=', 'never-told').execute()).toEqual(
    [],
  )
})
