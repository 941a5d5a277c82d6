import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGit, tryGit } from '../git/run-git.ts'
import { unpackOnDemand } from '../git/unpack-on-demand.ts'
import type { Repository } from '../model.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { deleteRepository } from './delete-repository.ts'

let simulator: Simulator
let mara: Ask
beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
})
afterAll(async () => await simulator.close())

const pathOf = (repository: Repository) => `/repositories/meadow-goods/${repository.slug}`

function firstRepository(): Repository {
  const [repository] = simulator.sim.repositories
  if (repository === undefined) throw new Error('there is no repository')
  return repository
}

async function remove(repository: Repository): Promise<void> {
  const [actor] = simulator.sim.people
  if (actor === undefined) throw new Error('nobody is there')
  await deleteRepository(simulator.sim, { repository, actor }, undefined)
}

test('a repository that is deleted while it is unpacked is gone afterwards, and whoever waited for it gets an answer', async () => {
  const repository = firstRepository()
  const { directory } = repository
  const begun = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  unpackOnDemand(directory, async () => {
    begun.resolve()
    await goOn.promise
    await mkdir(directory, { recursive: true })
    await startGit(directory, ['init', '--quiet', '--bare', '.'])
  })
  const reading = mara('GET', `${pathOf(repository)}/refs`)
  await begun.promise
  const deleting = remove(repository)
  // Time enough for one that does not wait.
  for (let turn = 0; turn < 100; turn += 1) await nextTurn()
  goOn.resolve()
  await deleting
  expect([200, 404]).toContain((await reading).status)
  expect(existsSync(directory)).toBe(false)
})

test('one that nobody has needed yet is never unpacked', async () => {
  const repository = firstRepository()
  unpackOnDemand(repository.directory, async () => {
    throw new Error('unpacked')
  })
  await remove(repository)
  await expect(tryGit(repository.directory, ['version'])).rejects.toMatchObject({ status: 404 })
})

test('what still runs in it ends without a word', async () => {
  const { sim } = simulator
  const repository = firstRepository()
  repository.pipelinesConfig.enabled = true
  const hook = { url: 'http://127.0.0.1:9/', events: ['repo:deleted', 'repo:commit_status_updated'] }
  expect((await mara('POST', '/workspaces/meadow-goods/hooks', hook)).status).toBe(201)
  const target = { type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' }
  const started = await mara('POST', `${pathOf(repository)}/pipelines/`, { target })
  expect([started.status, sim.pipelines.runs.length]).toEqual([201, 1])
  await remove(repository)
  expect([sim.pipelines.runs.length, sim.past.has(repository.uuid)]).toEqual([0, false])
  await sim.time.advance(3_600_000)
  expect(simulator.deliveries.at(-1)?.event).toBe('repo:deleted')
})
