import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRemotesRig, type RemotesRig } from '../../test/remotes.ts'
import { createLog } from '../lib/log.ts'
import { chooseRepositories } from '../usecases/remotes/choose-repositories.ts'
import { getConnectionProgress } from '../usecases/remotes/set-up-progress.ts'
import { createQueue, type Queue } from './queue.ts'
import { sweepRounds } from './sweep.ts'

let rig: RemotesRig
let queue: Queue
let connectionId: string
beforeAll(async () => {
  rig = await createRemotesRig({ repositories: 1 })
  queue = await createQueue({ databaseUrl: rig.open.url, log: createLog({ level: 'silent' }), role: 'sender' })
  connectionId = await rig.connect()
})
afterAll(async () => {
  await queue.stop()
  await rig.close()
})

const key = () => ({ organizationId: rig.organizationId, connectionId })
const progress = () => getConnectionProgress(rig.deps, key())
const sweep = () => sweepRounds({ db: rig.db, clock: rig.deps.clock, newId: rig.deps.newId, queue })
const choose = () =>
  chooseRepositories(
    { ...rig.deps, enqueue: queue.enqueue },
    { ...key(), memberId: rig.memberId, actor: rig.actor, selection: { kind: 'all' } },
  )

test.each(['created', 'active', 'retry'])('a set-up whose job is %s still runs', async (state) => {
  await choose()
  await rig.open.pool.query(`update pgboss.job set state = $1 where name = 'set-up-repositories'`, [state])
  await sweep()
  expect(await progress()).toMatchObject({ state: 'running', error: null })
})

test.each(['failed', 'cancelled'])('a set-up whose job %s for good ends with how to go on', async (state) => {
  await choose()
  await rig.open.pool.query(`update pgboss.job set state = $1 where name = 'set-up-repositories'`, [state])
  await sweep()
  expect(await progress()).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('Choose the repositories again'),
  })
})

test('a set-up whose job was lost ends too, and can be begun again', async () => {
  await choose()
  await rig.open.pool.query(`delete from pgboss.job where name = 'set-up-repositories'`)
  await sweep()
  expect(await progress()).toMatchObject({ state: 'failed' })
  await choose()
  await sweep()
  expect(await progress()).toMatchObject({ state: 'running', error: null })
})

test('what ended by itself is left alone', async () => {
  await rig.db
    .updateTable('connection')
    .set({ setup_progress: JSON.stringify({ state: 'idle' }) })
    .execute()
  await rig.open.pool.query(`delete from pgboss.job where name = 'set-up-repositories'`)
  await sweep()
  expect(await progress()).toMatchObject({ state: 'idle', error: null })
})
