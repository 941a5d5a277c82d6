import type { OpenDatabase } from '../../src/store/db.ts'
import { applyMoves } from '../../src/usecases/security/vulnerabilities/apply-move.ts'
import { createJiraWorld } from '../../test/jira-world.ts'
import { createSyncWorld } from '../../test/sync-world.ts'
import { type ItemPlaceName, leastRequests } from './least-requests.ts'

export type RequestsSpent = {
  place: ItemPlaceName
  defects: number
  /** Of the whole life of one, everything that is fetched because of webhooks with it. */
  requestsPerDefect: number
  least: number
  ratio: number
}

export const itemPlaces = ['discussions_pull_request', 'discussions_commit', 'issues', 'jira'] as const

/** An open pull request shows the one line, none the other. */
const inPullRequest = { path: 'src/routes/orders.js', line: 15 }
const onCommit = { path: 'package.json', line: 1 }

type Options = { defects: number; database?: OpenDatabase }

/** What creating, commenting and closing so many items takes in requests, counted at the remote, beside the least it could. */
export async function measureRequestsPerDefect(place: ItemPlaceName, options: Options): Promise<RequestsSpent> {
  const world = await openWorld(place, options)
  try {
    const ids: string[] = []
    for (let index = 0; index < options.defects; index += 1) ids.push(await world.addProblem())
    const before = world.countRequests()
    for (const id of ids) await world.send(id)
    for (const id of ids) await world.say(id, 'Please look at this one first.')
    await world.settle()
    await world.close(ids)
    await world.settle()
    const spent = world.countRequests() - before
    const least = await countLeast(world, place)
    return {
      place,
      defects: ids.length,
      requestsPerDefect: spent / ids.length,
      least: least / ids.length,
      ratio: spent / least,
    }
  } finally {
    await world.end()
  }
}

type World = {
  db: OpenDatabase['db']
  addProblem: () => Promise<string>
  send: (id: string) => Promise<void>
  say: (id: string, text: string) => Promise<unknown>
  /** A scan no longer finds them: the words that say so, and the state. */
  close: (ids: readonly string[]) => Promise<void>
  settle: () => Promise<void>
  /** Requests of Weir's own account, up to now. */
  countRequests: () => number
  end: () => Promise<void>
}

async function openWorld(place: ItemPlaceName, { database }: Options): Promise<World> {
  const given = database === undefined ? {} : { database }
  if (place === 'jira') {
    const world = await createJiraWorld({ settings: { project: 'SHOP', issueType: '10004' }, ...given })
    const { accountId } = accountOf(world.simulator.sim.people, 'sync')
    return {
      ...world,
      addProblem: () => world.addProblem(),
      close: (ids) => closeAll(world, ids),
      countRequests: () => world.simulator.requests.filter((one) => one.accountId === accountId).length,
      end: world.close,
    }
  }
  const world = await createSyncWorld({ mode: place === 'issues' ? 'legacy' : '2026', ...given })
  return {
    ...world,
    addProblem: () => world.addProblem(place === 'discussions_commit' ? onCommit : inPullRequest),
    close: (ids) => closeAll(world, ids),
    countRequests: () => world.simulator.requests.filter((one) => one.username === world.bot.user.username).length,
    end: world.close,
  }
}

function accountOf(people: readonly { accountId: string; email: string }[], name: string): { accountId: string } {
  const found = people.find(({ email }) => email.startsWith(`${name}@`))
  if (found === undefined) throw new Error(`There is no ${name} in the simulator.`)
  return found
}

type Closing = Pick<Awaited<ReturnType<typeof createSyncWorld>>, 'db' | 'deps'> & {
  ids: { organizationId: string; importId: string }
}

async function closeAll(
  { db, deps, ids: { organizationId, importId } }: Closing,
  ids: readonly string[],
): Promise<void> {
  const moves = ids.map((vulnerabilityId) => ({ vulnerabilityId, to: 'fixed' as const, importId }))
  const actor = { kind: 'scan' as const, importId, name: 'import of report.sarif' }
  await db.transaction().execute((tx) => applyMoves(deps, tx, { organizationId, moves, actor, moveActor: 'scan' }))
}

/** By what was really made, said and closed. Throws when something was not. */
async function countLeast({ db }: World, place: ItemPlaceName): Promise<number> {
  const rows = await db
    .selectFrom('operation')
    .select(['kind', 'state', (count) => count.fn.countAll<number>().as('count')])
    .groupBy(['kind', 'state'])
    .execute()
  const { create, comment, close } = leastRequests[place]
  let least = 0
  for (const { kind, state, count } of rows) {
    if (state !== 'done') throw new Error(`${count} of ${kind} are ${state}.`)
    if (kind === 'create_defect') least += create * count
    else if (kind === 'create_comment') least += comment * count
    else if (kind === 'push_state') least += close * count
    else throw new Error(`Nobody asked for ${kind}.`)
  }
  return least
}
