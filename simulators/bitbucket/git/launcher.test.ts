import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { startLauncher, stopLauncher } from './launcher.ts'
import { tryGit } from './run-git.ts'

let simulator: Simulator
let mara: Ask
let directory: string

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
  directory = simulator.sim.repositories[0]?.directory ?? ''
  startLauncher(simulator.sim.gitRoot)
})
afterAll(async () => await simulator.close())

/** As git sees it: its own shell's parent is git, and git's parent is what has started it. */
const killStarter = ['-c', 'alias.end=!kill -9 $(cut -d " " -f 4 /proc/$PPID/stat)', 'end']
const ask = ['-c', 'alias.pid=!cut -d " " -f 4 /proc/$PPID/stat', 'pid']

async function starterOf(): Promise<string> {
  return (await tryGit(directory, ask)).stdout.toString('utf8').trim()
}

test('git is started by a process of its own; when that is killed, what it did fails and another takes its place', async () => {
  const first = await starterOf()
  expect(first).not.toBe(String(process.pid))
  expect(await starterOf()).toBe(first)
  const lost = { status: 503, message: 'git was stopped while it worked on this request.' }
  await expect(tryGit(directory, killStarter)).rejects.toMatchObject(lost)
  expect(await starterOf()).not.toBe(first)
  expect((await mara('GET', '/repositories/meadow-goods/storefront-api/commits')).status).toBe(200)
})

test('requests that are under way then are answered, all of them', async () => {
  const asked = Array.from(
    { length: 20 },
    async () => await mara('GET', '/repositories/meadow-goods/storefront-api/refs'),
  )
  await expect(tryGit(directory, killStarter)).rejects.toMatchObject({ status: 503 })
  const answers = await Promise.all(asked)
  for (const answer of answers)
    expect([answer.status, answer.at('type')]).toEqual(answer.status === 200 ? [200, undefined] : [503, 'error'])
  expect((await mara('GET', '/repositories/meadow-goods/storefront-api/refs')).status).toBe(200)
})

test('what ends in the middle is no answer of git', async () => {
  await stopLauncher(simulator.sim.gitRoot)
  const end = ['-c', 'alias.end=!kill -9 $PPID', 'end']
  await expect(tryGit(directory, end)).rejects.toThrow('ended by SIGKILL')
})
