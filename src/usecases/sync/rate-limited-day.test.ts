import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { sweepDue } from '../../jobs/sweep.ts'
import type { Job } from '../../store/sync/jobs.ts'
import { processDelivery } from './process-delivery.ts'
import { pushDefect } from './push-defect.ts'
import { queueSends } from './queue-sends.ts'
import { getSendQueue } from './send-queue.ts'

/** Five thousand take a day there and five minutes here: `WEIR_DAY_SENDS=5000 npm test -- rate-limited-day`. */
const many = Number(process.env['WEIR_DAY_SENDS'] ?? 1200)
const minuteMs = 60_000
/** As many bulk jobs as a worker has under way. */
const atOnce = 2

let world: SyncWorld
const shift = { ms: 0 }
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026', clock: () => Date.now() + shift.ms })
})
afterAll(() => world.close())

const advance = (ms: number) => {
  shift.ms += ms
  world.later(ms)
}
/** A line that no open pull request shows: their comments go to the head of the branch. */
const elsewhere = { path: 'package.json', line: 1 }

/** Copies of one vulnerability, as a first import leaves them. */
const addMany = async (): Promise<string[]> => {
  const id = await world.addProblem(elsewhere)
  const copies = await sql<{ id: string }>`
    insert into vulnerability (organization_id, id, number, asset_id, branch, title, severity, severity_source, scanner,
      rule_id, path, line, status, opened_at, last_seen_at)
    select organization_id, gen_random_uuid(), 100000 + n, asset_id, branch, title || n, severity, severity_source,
      scanner, rule_id, path, line, status, opened_at, last_seen_at
    from vulnerability, generate_series(1, ${many}) n where id = ${id}
    returning id`.execute(world.db)
  return copies.rows.map((row) => row.id)
}

const pushes = { count: 0 }
const run = async (jobs: readonly Job[]): Promise<void> => {
  const left = [...jobs]
  const next = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      if (job.name === 'push-defect') {
        pushes.count += 1
        await pushDefect(world.deps, job.data)
      }
      if (job.name === 'process-deliveries')
        for (const deliveryId of job.data.deliveryIds)
          await processDelivery(world.deps, { organizationId: job.data.organizationId, deliveryId })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, next))
}

/** What a worker does in a minute: people's jobs first, then what its sweeps find due. */
const workAMinute = async (): Promise<void> => {
  const bulk = world.state.jobs.filter((job) => job.name === 'push-defect' && job.lane === 'bulk')
  world.state.jobs = world.state.jobs.filter((job) => !bulk.includes(job))
  await world.settle()
  await run(bulk)
  for (let sweep = 0; sweep < 12; sweep += 1) {
    const woken: Job[] = []
    const queue = { enqueueOnce: async (jobs: readonly Job[]) => void woken.push(...jobs) }
    await sweepDue({ db: world.db, clock: world.deps.clock, queue })
    if (woken.length === 0) break
    await run(woken)
  }
  await world.settle()
}

const countOpen = async (): Promise<number> => {
  const open = await world.db
    .selectFrom('operation')
    .select((count) => count.fn.countAll<number>().as('count'))
    .where('state', 'in', ['queued', 'waiting'])
    .executeTakeFirstOrThrow()
  return open.count
}

type Estimate = { askedAt: number; doneAt: number }
const ask = async (): Promise<Estimate> => {
  const { organizationId, connectionId } = world.ids
  const { done_at: doneAt } = await getSendQueue(world.deps, { organizationId, connectionId })
  return { askedAt: world.deps.clock().getTime(), doneAt: Date.parse(doneAt ?? '') }
}

test('thousands go out at a thousand requests an hour: people never wait, nothing fails, and the end is known', {
  timeout: 900_000,
}, async () => {
  const { organizationId, connectionId } = world.ids
  const talked = await world.sendProblem()
  const vulnerabilityIds = await addMany()
  const actor = { kind: 'system' as const, name: 'policy' }
  await world.db
    .transaction()
    .execute((tx) => queueSends(world.deps, tx, { organizationId, vulnerabilityIds, actor, lane: 'bulk' }))
  const begun = await getSendQueue(world.deps, { organizationId, connectionId })
  expect(begun.lanes.find(({ lane }) => lane === 'bulk')?.waiting).toBe(many)

  const estimates: Estimate[] = []
  const unsent: string[] = []
  let minute = 0
  for (; minute === 0 || (await countOpen()) > 0; minute += 1) {
    expect(minute).toBeLessThan(24 * 60)
    // People talk on: about what is known there, and about what waits for its turn.
    if (minute % 10 === 5) await world.say(talked.vulnerabilityId, `A question of minute ${minute}`)
    if (minute % 60 === 30) await world.say(vulnerabilityIds.at(-1 - unsent.length) ?? '', 'Please this one first.')
    if (minute % 60 === 30) unsent.push(vulnerabilityIds.at(-1 - unsent.length) ?? '')
    if (minute % 20 === 10) await talked.answer(`An answer of minute ${minute}`)
    await workAMinute()
    const late = await world.db
      .selectFrom('operation')
      .select(['id', 'kind', 'error'])
      .where('lane', '=', 'person')
      .where('state', '!=', 'done')
      .execute()
    expect(late, `after minute ${minute}`).toEqual([])
    if (minute % 60 === 1) estimates.push(await ask())
    advance(minuteMs)
  }
  const endedAt = world.deps.clock().getTime()

  const states = await world.db
    .selectFrom('operation')
    .select(['state', 'attempts', (count) => count.fn.countAll<number>().as('count')])
    .groupBy(['state', 'attempts'])
    .execute()
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['done']))
  // Waiting for requests is no attempt, so that nothing has to be looked for before it is made; a slow machine may cut
  // an answer off now and then.
  const again = states.filter(({ attempts }) => attempts > 1).reduce((sum, { count }) => sum + count, 0)
  expect(again).toBeLessThan(many / 500)
  expect(world.simulator.requests.filter(({ status }) => status === 429)).toEqual([])
  const repository = world.simulator.sim.repositories.find((one) => one.slug === 'storefront-api')
  expect(repository?.commitComments.filter(({ parentId }) => parentId === null)).toHaveLength(many)
  expect(await talked.remoteTexts()).toHaveLength(Math.floor((minute + 4) / 10) + Math.floor((minute + 9) / 20))
  expect(estimates.length).toBeGreaterThan(minute / 60 - 1)
  for (const { askedAt, doneAt } of estimates.slice(0, -1))
    expect(Math.abs(doneAt - endedAt) / (endedAt - askedAt), new Date(askedAt).toISOString()).toBeLessThan(0.2)
  // Who waits is put off together: nobody wakes thousands again and again to be refused one by one.
  expect(pushes.count).toBeLessThan(8 * many)
})
