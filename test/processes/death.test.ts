import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VulnerabilitySummary } from '../../contract/security/vulnerabilities.ts'
import { listDefects, sendVulnerability } from '../../contract/sync/defects.ts'
import { type OpenDatabase, openDatabase } from '../../src/store/db.ts'
import { type ConnectedWeir, startConnectedWeir } from './connected-weir.ts'
import { type Load, startLoad } from './load.ts'
import { endPostgres, killLeftProcesses, postgresPid, until } from './weir-process.ts'

let world: ConnectedWeir
let found: VulnerabilitySummary[]
const loads: Load[] = []

beforeAll(async () => {
  world = await startConnectedWeir()
  found = await world.importStorefront()
  await send(0)
}, 60_000)
afterAll(async () => {
  await world.close()
  await killLeftProcesses()
})

/** One vulnerability of the storefront to Bitbucket, without waiting for it. */
async function send(index: number): Promise<void> {
  await world.admin.call(sendVulnerability, { params: { id: found[index]?.id ?? '' }, body: {} })
}

/** Writes for a moment, lets `happen` fall into it, and goes on until `isBack` and a little longer. */
async function writeThrough(happen: () => Promise<void>): Promise<Load> {
  const load = startLoad(world, [found[0]?.id ?? ''])
  loads.push(load)
  await until('some writes', () => load.imports.acknowledged.length > 2 && load.messages.acknowledged.length > 2)
  await happen()
  const before = load.imports.acknowledged.length
  await until('writes that are taken again', () => load.imports.acknowledged.length > before + 1, 40_000)
  await load.stop()
  return load
}

async function withRows<Result>(read: (open: OpenDatabase) => Promise<Result>): Promise<Result> {
  const open = await openDatabase({ dataFolder: world.dataFolder }, { poolSize: 1 })
  return read(open).finally(open.close)
}

describe('under a load of webhooks, messages and imports', () => {
  it('a stop takes less than ten seconds, ends with 0, and the next start goes on', async () => {
    await writeThrough(async () => {
      const { code, ms } = await world.weir().stop()
      expect(code).toBe(0)
      expect(ms).toBeLessThan(10_000)
      await world.start()
    })
  }, 60_000)

  it('Weir may be killed', async () => {
    await writeThrough(async () => {
      await send(1)
      await world.weir().kill()
      await world.start()
    })
    expect(world.weir().child.exitCode).toBe(null)
  }, 60_000)

  it('its PostgreSQL may be killed, and is back without a restart', async () => {
    const { pid } = world.weir()
    await writeThrough(async () => {
      await send(2)
      process.kill(postgresPid(world.dataFolder), 'SIGKILL')
      await sleep(200)
    })
    expect(world.weir().child.exitCode).toBe(null)
    expect(world.weir().pid).toBe(pid)
  }, 60_000)

  it('both may be killed at once', async () => {
    await writeThrough(async () => {
      await send(3)
      process.kill(postgresPid(world.dataFolder), 'SIGKILL')
      await world.weir().kill()
      await world.start()
    })
    expect(world.weir().child.exitCode).toBe(null)
  }, 60_000)
})

describe('afterwards', () => {
  const all = (kind: 'deliveries' | 'messages' | 'imports', what: 'asked' | 'acknowledged') =>
    loads.flatMap((load) => load[kind][what])

  it('every acknowledged webhook is stored once, and is worked off', async () => {
    const open = (rows: { state: string }[]) => rows.filter((row) => row.state === 'received')
    const look = async () => {
      const stored = await withRows(({ db }) =>
        db.selectFrom('delivery').select(['remote_delivery_id', 'state']).execute(),
      )
      return open(stored).length === 0 && stored
    }
    // Up to 20 s until the sweep wakes what a dead worker held, and 30 s for an item somebody else is at.
    const rows = await until('deliveries to be worked off', look, 60_000)
    const stored = rows.map((row) => row.remote_delivery_id)
    expect(new Set(stored).size).toBe(stored.length)
    const acknowledged = all('deliveries', 'acknowledged')
    expect(acknowledged.length).toBeGreaterThan(100)
    expect(acknowledged.filter((mark) => !stored.includes(mark))).toEqual([])
  }, 90_000)

  it('every acknowledged report is in whole', async () => {
    const titles = await withRows(({ db }) => db.selectFrom('vulnerability').select('title').execute())
    const there = new Map<string, number>()
    for (const { title } of titles) there.set(title, (there.get(title) ?? 0) + 1)
    expect(all('imports', 'acknowledged').filter((mark) => there.get(mark) !== 1)).toEqual([])
    const found = all('imports', 'asked').filter((mark) => there.has(mark))
    const told = await withRows(({ db }) =>
      db.selectFrom('import').select('state').where('scope', '=', 'partial').execute(),
    )
    // What was cut off before its answer is there whole or not at all; its line in the list is ended by a sweep.
    expect(told.filter((row) => row.state === 'applied')).toHaveLength(found.length)
    const others = told.filter((row) => row.state !== 'applied')
    expect(others.filter((row) => row.state !== 'running' && row.state !== 'failed')).toEqual([])
  })

  it('every message and every item stands in Bitbucket exactly once', async () => {
    const acknowledged = all('messages', 'acknowledged')
    await until(
      'the messages to reach Bitbucket',
      () => acknowledged.every((mark) => world.countRemote(mark) > 0),
      60_000,
    )
    const items = await Promise.all(
      found.slice(0, 4).map(async ({ id }) =>
        until('the item', async () => {
          const { items: defects } = await world.admin.call(listDefects, { params: { id } })
          const [defect] = defects
          return defects.length === 1 && defect?.link === 'ok' && defect.pending === null && defect
        }),
      ),
    )
    expect(items.map((defect) => world.countRemote(defect.id))).toEqual([1, 1, 1, 1])
    const counts = all('messages', 'asked').map((mark) => world.countRemote(mark))
    expect(Math.max(...counts)).toBe(1)
    expect(acknowledged.filter((mark) => world.countRemote(mark) !== 1)).toEqual([])
  }, 90_000)
})

it('leaves no PostgreSQL behind when it is stopped', async () => {
  await world.weir().stop()
  expect(() => postgresPid(world.dataFolder)).toThrow(/ENOENT/)
  await endPostgres(world.dataFolder)
})
