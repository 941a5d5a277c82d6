import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../test/sync-world.ts'
import { withoutGit } from '../../test/without-git.ts'
import { createHttpClient } from '../lib/http-client.ts'
import { createLog } from '../lib/log.ts'
import { createSecretBox } from '../lib/secret-box.ts'
import type { Job } from '../store/sync/jobs.ts'
import { sendVulnerability } from '../usecases/sync/send-vulnerability.ts'
import { createQueue, type Queue } from './queue.ts'
import { startWorker, type Worker } from './worker.ts'

const log = createLog({ level: 'silent' })
const http = createHttpClient()
let world: SyncWorld
let sender: Queue
const running: Worker[] = []

beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
  sender = await createQueue({ databaseUrl: world.open.url, log, role: 'sender' })
})
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.stop({ timeoutMs: 2000 })
})
afterAll(async () => {
  await sender.stop()
  await http.close()
  await world.close()
})

type Hooks = { checked?: (connectionId: string) => Promise<void> }
const start = async (hooks: Hooks = {}) => {
  const queue = await createQueue({ databaseUrl: world.open.url, log, role: 'worker' })
  const worker = await startWorker({
    ...world.deps,
    preparedDb: world.open.preparedDb,
    queue,
    http,
    secretBox: createSecretBox([new Uint8Array(32)]),
    mail: undefined,
    git: withoutGit,
    setUpRepositories: async () => undefined,
    checkConnection: async ({ connectionId }) => hooks.checked?.(connectionId),
  })
  running.push(worker)
  return worker
}
const deps = () => ({ ...world.deps, enqueue: sender.enqueue })
const until = async (what: string, isSo: () => Promise<boolean>, withinMs = 10_000): Promise<number> => {
  const startedMs = performance.now()
  while (performance.now() - startedMs < withinMs) {
    if (await isSo()) return performance.now() - startedMs
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`Not within ${withinMs} ms: ${what}`)
}
const linkOf = async (defectId: string) =>
  (await world.db.selectFrom('defect').select('link').where('id', '=', defectId).executeTakeFirst())?.link

test('a job queued in a transaction that is rolled back never runs', async () => {
  const checked: string[] = []
  await start({
    checked: async (id) => {
      checked.push(id)
    },
  })
  const { organizationId, connectionId } = world.ids
  const job: Job = { name: 'check-connection', data: { organizationId, connectionId } }
  const rolledBack = world.db.transaction().execute(async (tx) => {
    await sender.enqueue(tx, [{ ...job, data: { organizationId, connectionId: organizationId } }])
    throw new Error('changed our mind')
  })
  await expect(rolledBack).rejects.toThrow('changed our mind')
  await world.db.transaction().execute((tx) => sender.enqueue(tx, [job]))
  await until('the committed job runs', async () => checked.includes(connectionId))
  expect(checked).not.toContain(organizationId)
})

test('what another process queues is taken up at once', async () => {
  let ran: (() => void) | undefined
  await start({ checked: async () => ran?.() })
  const { organizationId, connectionId } = world.ids
  const enqueue = () =>
    world.db
      .transaction()
      .execute((tx) => sender.enqueue(tx, [{ name: 'check-connection', data: { organizationId, connectionId } }]))
  const measure = async (): Promise<number> => {
    const done = new Promise<void>((resolve) => {
      ran = resolve
    })
    const startedMs = performance.now()
    await enqueue()
    await done
    return performance.now() - startedMs
  }
  await measure()
  const times = [await measure(), await measure(), await measure(), await measure(), await measure()]
  // Polling alone would need half a second on average; the median shows that the notification wakes.
  expect(times.toSorted((one, other) => one - other)[2]).toBeLessThan(2500)
})

test('a vulnerability sent by a person becomes an item without anybody calling', async () => {
  await start()
  const { organizationId } = world.ids
  const vulnerabilityId = await world.addProblem()
  const { id } = await sendVulnerability(deps(), { organizationId, vulnerabilityId, actor: world.champion })
  await until('the item is there', async () => (await linkOf(id)) === 'ok')
})

test('work whose job was lost is found by the sweep', async () => {
  const { organizationId } = world.ids
  const vulnerabilityId = await world.addProblem()
  // The world's own enqueue only notes the job: nobody ever runs it.
  const { id } = await sendVulnerability(world.deps, { organizationId, vulnerabilityId, actor: world.champion })
  await start()
  await until('the sweep wakes it', async () => (await linkOf(id)) === 'ok', 15_000)
})

test('a wake-up for later comes then, and not before', async () => {
  const checkedMs: number[] = []
  const dueMs = performance.now() + 2500
  await start({
    checked: async () => {
      checkedMs.push(performance.now())
    },
  })
  const { organizationId, connectionId } = world.ids
  const notBefore = new Date(Date.now() + 2500)
  await world.db
    .transaction()
    .execute((tx) =>
      sender.enqueue(tx, [{ name: 'check-connection', data: { organizationId, connectionId }, notBefore }]),
    )
  await until('it is woken', async () => checkedMs.length > 0, 12_000)
  // 100 ms: the clock of the database and ours may differ by a little.
  expect(checkedMs[0]).toBeGreaterThan(dueMs - 100)
}, 20_000)

test('a person is not kept waiting by bulk work', async () => {
  const slow: string[] = []
  world.simulator.planFault({
    method: 'GET',
    path: '*/issues',
    times: 8,
    action: { kind: 'delay', ms: 800 },
  })
  const { organizationId } = world.ids
  for (let index = 0; index < 8; index++) {
    const vulnerabilityId = await world.addProblem()
    const { id } = await sendVulnerability(world.deps, { organizationId, vulnerabilityId, actor: world.champion })
    slow.push(id)
  }
  world.state.jobs.length = 0
  await world.db.updateTable('operation').set({ lane: 'bulk' }).where('defect_id', 'in', slow).execute()
  await start()
  await world.db.transaction().execute((tx) =>
    sender.enqueue(
      tx,
      slow.map((defectId) => ({ name: 'push-defect', data: { organizationId, defectId }, lane: 'bulk' })),
    ),
  )
  await new Promise((resolve) => setTimeout(resolve, 300))
  world.simulator.clearFaults()
  const vulnerabilityId = await world.addProblem()
  const { id } = await sendVulnerability(deps(), { organizationId, vulnerabilityId, actor: world.champion })
  const ms = await until('the person is served', async () => (await linkOf(id)) === 'ok')
  expect(ms).toBeLessThan(8000)
})

test('a graceful stop lets a running job end', async () => {
  let ended = false
  let begun: (() => void) | undefined
  const started = new Promise<void>((resolve) => {
    begun = resolve
  })
  const worker = await start({
    checked: async () => {
      begun?.()
      await new Promise((resolve) => setTimeout(resolve, 400))
      ended = true
    },
  })
  const { organizationId, connectionId } = world.ids
  await world.db
    .transaction()
    .execute((tx) => sender.enqueue(tx, [{ name: 'check-connection', data: { organizationId, connectionId } }]))
  await started
  await worker.stop()
  running.length = 0
  expect(ended).toBe(true)
})
