import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { askToReconcile, type Breakable, breakThings, findProblems } from './break-things.ts'
import { type Chance, createChance } from './chance.ts'
import { createChaosWorld, insist, type Problem } from './chaos-world.ts'
import { compareSides } from './compare-sides.ts'
import { connectRemotes, type Remotes, startRemotes } from './connect-remotes.ts'
import { allWeights, doSomething } from './doings.ts'
import { explainProblem } from './explain-problem.ts'
import { type Difference, noteAdrift } from './oracle.ts'
import type { Counts } from './remote-side.ts'
import { startCluster } from './weir-cluster.ts'

export type ChaosOptions = {
  seed: number
  /** The run ends with whichever comes first. */
  operations: number
  minutes: number
  say: (line: string) => void
  /** Something to be found: done after the faults have ended, once Weir has nothing left to do. */
  plant?: (remotes: Remotes, problems: readonly Problem[]) => void
}

export type ChaosResult = {
  seed: number
  operations: number
  faults: Counts
  kills: number
  duplicates: number
  lost: number
  diverged: number
  /** From the end of the faults until both sides and the oracle agreed; null: they never did. */
  seconds_to_agreement: number | null
}

type Run = Breakable & { options: ChaosOptions; chance: Chance; remotes: Remotes; marks: number }

/** People at work on both sides at a time. */
const hands = 12
/** Problems an asset has at the beginning. */
const problemsAtFirst = 6
/** How long both sides may take to agree when the faults have ended. */
const agreeWithinMs = 300_000
/** Reconciliations without agreement after which it is given up. */
const roundsAtMost = 4

/** Plays the random run: everything goes wrong that may, then all of it ends and both sides have to agree. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult & { differences: Difference[] }> {
  const remotes = await startRemotes()
  try {
    return await runAmong(remotes, options)
  } finally {
    for (const side of sidesOf(remotes)) await side.close()
  }
}

async function runAmong(remotes: Remotes, options: ChaosOptions): Promise<ChaosResult & { differences: Difference[] }> {
  const { seed, say } = options
  const cluster = await startCluster({ WEIR_BITBUCKET_API_URL: remotes.discussions.simulator.api })
  try {
    const { rooms, connectionIds } = await connectRemotes(cluster, remotes)
    const run: Run = {
      options,
      seed,
      say,
      chance: createChance(seed),
      cluster,
      remotes,
      rooms,
      connectionIds,
      problems: [],
      marks: 0,
      operations: 0,
      kills: 0,
      broken: {},
    }
    for (const room of rooms) await findProblems(run, room, problemsAtFirst)
    say(`two web and two worker processes on one PostgreSQL; ${run.problems.length} problems in ${rooms.length} assets`)
    for (const [index, side] of sidesOf(remotes).entries()) side.planFaults(seed * 10 + index)
    await wreak(run)
    return await agree(run)
  } finally {
    await cluster.close()
  }
}

function sidesOf({ discussions, issues, jira }: Remotes) {
  return [discussions, issues, jira]
}

/** Lets people work and everything else go wrong, until enough was done or the time is over. */
async function wreak(run: Run): Promise<void> {
  const { options, cluster } = run
  const endMs = performance.now() + options.minutes * 60_000
  const isOver = (): boolean => run.operations >= options.operations || performance.now() > endMs
  const world = createChaosWorld(cluster)
  const work = async (): Promise<void> => {
    while (!isOver()) {
      const problem = run.chance.pick(run.problems.filter((one) => !one.isBusy))
      if (problem === undefined) {
        await sleep(5)
        continue
      }
      problem.isBusy = true
      const subject = {
        place: problem,
        conversation: problem,
        chance: problem.chance,
        nextMark: () => (run.marks += 1),
      }
      await doSomething(world, subject, allWeights)
      // Until it has an item again.
      if (problem.hasLostItem && !(await world.hasItem(problem))) noteAdrift(problem)
      run.operations += 1
      problem.isBusy = false
    }
  }
  await Promise.all([...Array.from({ length: hands }, work), breakThings(run, isOver), watch(run, isOver)])
}

/** The minute between the two looks after which Weir believes that an item was deleted. */
async function letMinutePass({ cluster: { db } }: Run): Promise<void> {
  await sql`update defect set agreed = jsonb_set(agreed, '{missing_since}', '"2000-01-01T00:00:00.000Z"')
    where agreed ? 'missing_since'`.execute(db)
}

/** Reads the logs before they forget, and lets the hour of the request budget go by every second: how Weir lives within one is measured elsewhere. */
async function watch(run: Run, isOver: () => boolean): Promise<void> {
  let told = performance.now()
  while (!isOver()) {
    await tend(run)
    await sleep(1000)
    if (performance.now() - told < 10_000) continue
    told = performance.now()
    const { waiting } = await insist(() => compareSides(run.cluster, { problems: [], sides: [] }))
    run.options.say(`${run.operations} operations, ${run.kills} kills, ${waiting} things wait in Weir`)
  }
}

async function tend({ remotes, cluster: { db } }: Run): Promise<void> {
  for (const side of sidesOf(remotes)) side.look()
  await insist(() => db.deleteFrom('request_budget').execute())
  // So do the ten minutes between tries of what Weir may not do.
  for (const table of [sql.table('operation'), sql.table('delivery')])
    await insist(() =>
      sql`update ${table} set next_attempt_at = now() where id in (
        select id from ${table} where error_code = 'remote_forbidden' and next_attempt_at > now() + interval '5 seconds'
        for update skip locked)`.execute(db),
    )
}

/** Faults end, reconciliation runs, and both sides are compared until they agree. */
async function agree(run: Run): Promise<ChaosResult & { differences: Difference[] }> {
  const { options, cluster, remotes, problems } = run
  const { say } = options
  const begunMs = performance.now()
  await cluster.whole()
  for (const side of sidesOf(remotes)) await side.heal()
  say(`${run.operations} operations are done and nothing goes wrong any more`)
  const { differences, agreedMs } = await compareUntilAgreed(run, begunMs)
  for (const line of cluster.errors().slice(0, 20)) say(line)
  for (const problem of problems.filter(({ title }) => differences.some(({ what }) => what.startsWith(`${title} (`))))
    for (const line of await explainProblem(cluster, problem)) say(line)
  const countOf = (kind: Difference['kind']): number => differences.filter((one) => one.kind === kind).length
  return {
    seed: options.seed,
    operations: run.operations,
    faults: sumFaults(run),
    kills: run.kills,
    duplicates: countOf('duplicate'),
    lost: countOf('lost'),
    diverged: countOf('diverged'),
    seconds_to_agreement: agreedMs === null ? null : Math.round((agreedMs - begunMs) / 100) / 10,
    differences,
  }
}

/** Ends with agreement, or when reconciliation has found nothing more to do several times and they still differ. */
async function compareUntilAgreed(
  run: Run,
  begunMs: number,
): Promise<{ differences: Difference[]; agreedMs: number | null }> {
  const { options, cluster, remotes, problems } = run
  let rounds = 0
  let differences: Difference[] = []
  while (performance.now() - begunMs < agreeWithinMs) {
    await tend(run)
    const comparison = await compareSides(cluster, { problems, sides: sidesOf(remotes) })
    differences = comparison.differences
    options.say(`${comparison.waiting} things wait in Weir, ${differences.length} differences`)
    if (comparison.waiting > 0) await sleep(1000)
    else if (rounds > 0 && differences.length === 0) return { differences, agreedMs: performance.now() }
    else if (rounds === roundsAtMost) break
    else {
      // Not before: what Weir is still at it would write once more.
      if (rounds === 0) options.plant?.(remotes, problems)
      rounds += 1
      const since = new Date()
      await letMinutePass(run)
      await askToReconcile(run)
      await reconciled(run, since)
    }
  }
  return { differences, agreedMs: null }
}

/** Until each connection has been compared in full, or a while has passed. */
async function reconciled({ cluster, connectionIds }: Run, since: Date): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const rows = await cluster.db
      .selectFrom('reconciliation')
      .select('connection_id')
      .where('is_full', '=', true)
      .where('started_at', '>', since)
      .execute()
    if (connectionIds.every((id) => rows.some((row) => row.connection_id === id))) return
    await sleep(500)
  }
}

function sumFaults({ remotes, broken }: Run): Counts {
  const sum = { ...broken }
  for (const { faults } of sidesOf(remotes))
    for (const [name, count] of Object.entries(faults)) sum[name] = (sum[name] ?? 0) + count
  return sum
}
