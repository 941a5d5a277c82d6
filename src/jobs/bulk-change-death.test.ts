import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { createLog } from '../lib/log.ts'
import type { OpenDatabase } from '../store/db.ts'
import { createBulkHouse } from '../usecases/security/bulk/bulk-change.fixture.ts'
import { createBulkChange } from '../usecases/security/bulk/create-bulk-change.ts'
import { createQueue, type Queue } from './queue.ts'
import { sweepDue } from './sweep.ts'

const script = fileURLToPath(new URL('../../test/worker-process.ts', import.meta.url))
let open: OpenDatabase
let sender: Queue
let worker: ChildProcess | undefined

beforeAll(async () => {
  open = await createTestDatabase()
  sender = await createQueue({ databaseUrl: open.url, log: createLog({ level: 'silent' }), role: 'sender' })
})
afterAll(async () => {
  worker?.kill('SIGKILL')
  await sender.stop()
  await open.close()
})

test('a bulk change whose worker is killed goes on where it was: each vulnerability once', async () => {
  const house = await createBulkHouse(open)
  const ids = await house.add(6000)
  worker = spawn(process.execPath, [script], {
    env: { ...process.env, WORKER_DATABASE_URL: open.url, WORKER_REMOTE_HOST: '127.0.0.1:9' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (worker.stdout !== null) await once(worker.stdout, 'data')
  const { asker, auditor } = house
  const deps = { ...house.deps, enqueue: sender.enqueue }
  const change = { kind: 'move', to: 'false_positive', reason: 'Only in tests' } as const
  const { id } = await createBulkChange(deps, { asker: asker(), auditor, request: { ids, change } })
  const read = () => open.db.selectFrom('bulk_change').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  while ((await read()).changed === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  worker.kill('SIGKILL')
  await once(worker, 'exit')
  const left = await read()
  expect(left).toMatchObject({ state: 'running' })
  expect(left.changed).toBeLessThan(6000)
  // Nobody works on it any more: the sweep finds it, once it stands still for long enough.
  const woken: unknown[] = []
  const later = () => new Date(left.worked_at.getTime() + 120_000)
  const queue = { enqueueOnce: async (jobs: readonly unknown[]) => void woken.push(...jobs) }
  await sweepDue({ db: open.db, clock: later, queue })
  expect(woken).toContainEqual({
    name: 'run-bulk-change',
    data: { organizationId: house.organizationId, bulkChangeId: id },
  })
  expect(await house.run(id)).toMatchObject({ state: 'done', changed: 6000, refused: 0 })
  expect(await house.events(id)).toHaveLength(6000)
}, 60_000)
