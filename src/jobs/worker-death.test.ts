import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../test/sync-world.ts'
import { createLog } from '../lib/log.ts'
import { sendVulnerability } from '../usecases/sync/send-vulnerability.ts'
import { createQueue, type Queue } from './queue.ts'

const script = fileURLToPath(new URL('../../test/worker-process.ts', import.meta.url))
const children: ChildProcess[] = []
let world: SyncWorld
let sender: Queue

beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
  sender = await createQueue({ databaseUrl: world.open.url, log: createLog({ level: 'silent' }), role: 'sender' })
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await sender.stop()
  await world.close()
})

const startWorker = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      WORKER_DATABASE_URL: world.open.url,
      WORKER_REMOTE_HOST: new URL(world.simulator.web).host,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  if (child.stdout !== null) await once(child.stdout, 'data')
  return child
}
const issues = () => world.simulator.sim.repositories.find((one) => one.slug === 'storefront-api')?.issues ?? []

test('a worker killed while Bitbucket answers leaves one item, and another worker takes over within a minute', async () => {
  // The issue is made, but its answer takes long enough to die over.
  world.simulator.planFault({
    method: 'POST',
    path: '*/issues',
    action: { kind: 'delay', when: 'after', ms: 30_000 },
  })
  const doomed = await startWorker()
  const { organizationId } = world.ids
  const vulnerabilityId = await world.addProblem({ title: 'Made by a dying worker' })
  const before = issues().length
  const deps = { ...world.deps, enqueue: sender.enqueue }
  const { id } = await sendVulnerability(deps, { organizationId, vulnerabilityId, actor: world.champion })
  while (issues().length === before) await new Promise((resolve) => setTimeout(resolve, 20))
  doomed.kill('SIGKILL')
  await once(doomed, 'exit')
  const killedMs = performance.now()
  await startWorker()
  const link = () => world.db.selectFrom('defect').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  while ((await link()).link !== 'ok' && performance.now() - killedMs < 60_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await link()).toMatchObject({ link: 'ok' })
  expect(issues().length).toBe(before + 1)
}, 90_000)
