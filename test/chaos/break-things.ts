import { setTimeout as sleep } from 'node:timers/promises'
import { sendVulnerability } from '../../contract/sync/defects.ts'
import { reconcileConnection } from '../../contract/sync/reconciliations.ts'
import { type Chance, createChance } from './chance.ts'
import { ask, insist, type Problem } from './chaos-world.ts'
import type { Room } from './connect-remotes.ts'
import { newConversation } from './oracle.ts'
import type { Counts } from './remote-side.ts'
import type { WeirCluster } from './weir-cluster.ts'

/** Everything there is to break, and what was broken. */
export type Breakable = {
  seed: number
  say: (line: string) => void
  cluster: WeirCluster
  rooms: readonly Room[]
  connectionIds: readonly string[]
  problems: Problem[]
  operations: number
  kills: number
  /** What the simulators do not count themselves. */
  broken: Counts
}

/** Operations after which a scan finds more problems. */
const findEvery = 120
/** Of access to a repository. */
const lostForMs = 3000

/** A scan finds new ones, and a champion sends them. */
export async function findProblems(
  { cluster, problems, seed }: Breakable,
  { asset, side }: Room,
  count: number,
): Promise<void> {
  const found = await ask(() => asset.find(count))
  // Refused or cut off: they come with the next scan, and nobody knows of them yet.
  if (found.kind !== 'done') return
  const rows = await insist(() =>
    cluster.db.selectFrom('vulnerability').select(['id', 'title']).where('title', 'in', found.value).execute(),
  )
  for (const { id, title } of rows) {
    await insist(() => cluster.admin.call(sendVulnerability, { params: { id }, body: {} }))
    problems.push({
      ...newConversation(),
      title,
      vulnerabilityId: id,
      asset,
      side,
      chance: createChance(seed, Number(title.replace(/\D/g, ''))),
      item: undefined,
      decision: undefined,
      isBusy: false,
      gone: new Set(),
    })
  }
}

export async function askToReconcile({ cluster, connectionIds }: Breakable): Promise<void> {
  for (const id of connectionIds) await ask(() => cluster.admin.call(reconcileConnection, { params: { id } }))
}

/** Kills, cuts, renames and new finds, each after a number of operations that the seed draws. */
export async function breakThings(run: Breakable, isOver: () => boolean): Promise<void> {
  const chance = createChance(run.seed, 1_000_001)
  const troubles = listTroubles(run, chance)
  const nextAt = troubles.map(({ everyAtMost }) => chance.below(everyAtMost))
  while (!isOver()) {
    for (const [index, { everyAtMost, make }] of troubles.entries()) {
      if (run.operations < (nextAt[index] ?? 0)) continue
      nextAt[index] = run.operations + 1 + chance.below(everyAtMost)
      await make()
    }
    await sleep(20)
  }
}

type Trouble = { everyAtMost: number; make: () => Promise<void> }

function listTroubles(run: Breakable, chance: Chance): Trouble[] {
  const { cluster, rooms } = run
  const note = (what: string, count = 1): void => {
    run.broken[what] = (run.broken[what] ?? 0) + count
  }
  const kill = (what: string): void => {
    run.kills += 1
    note(`${what.replace(/ \d$/, '')} killed`)
    run.say(`${run.operations} operations: SIGKILL for ${what}`)
  }
  return [
    { everyAtMost: 450, make: async () => kill(await cluster.killOne(chance)) },
    {
      everyAtMost: 1500,
      make: async () => {
        cluster.killDatabase()
        kill('PostgreSQL')
        // Whoever kills it again before it is back kills nothing.
        await insist(() => cluster.db.selectFrom('instance').select('instance_id').execute())
      },
    },
    { everyAtMost: 150, make: async () => note('connections to Weir cut', cluster.gateway.cut()) },
    {
      everyAtMost: 600,
      make: async () => {
        const index = chance.below(rooms.length)
        await rooms[index]?.rename(`renamed-${index}-${run.operations}`)
        note('repository renamed')
      },
    },
    {
      everyAtMost: 900,
      make: async () => {
        const status = chance.next() < 0.5 ? (403 as const) : (404 as const)
        const giveBack = chance.pick(rooms)?.loseAccess(status)
        note(`access lost with ${status}`)
        if (giveBack !== undefined) setTimeout(giveBack, chance.below(lostForMs)).unref()
      },
    },
    { everyAtMost: 800, make: () => askToReconcile(run) },
    {
      everyAtMost: 2 * findEvery,
      make: async () => {
        const room = chance.pick(rooms)
        if (room !== undefined) await findProblems(run, room, 1 + chance.below(3))
      },
    },
  ]
}
