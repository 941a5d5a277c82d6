import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { readBranch } from './read-branch.ts'
import { resolveCommit } from './refs.ts'
import { gitText } from './run-git.ts'

let simulator: Simulator
let directory: string
beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  directory = simulator.sim.repositories[0]?.directory ?? ''
})
afterAll(async () => await simulator.close())

const said = async (revision: string) => (await gitText(directory, ['rev-parse', `${revision}^{commit}`])).trim()

test('a branch is read as git reads it, loose or packed, old or moved', async () => {
  const main = await said('main')
  expect(await readBranch(directory, 'main')).toBe(main)
  await gitText(directory, ['pack-refs', '--all'])
  expect(await readBranch(directory, 'main')).toBe(main)
  await gitText(directory, ['branch', 'deep/er', 'main~1'])
  await gitText(directory, ['pack-refs', '--all'])
  await gitText(directory, ['update-ref', 'refs/heads/deep/er', 'main~2'])
  expect(await readBranch(directory, 'deep/er')).toBe(await said('main~2'))
})

test('what is no branch is left to git', async () => {
  expect(await readBranch(directory, 'nowhere')).toBeUndefined()
  expect(await readBranch(directory, 'deep')).toBeUndefined()
  expect(await readBranch(directory, await said('main'))).toBeUndefined()
})

test('a tag of the same name comes first, as for git', async () => {
  await gitText(directory, ['branch', 'twice', 'main'])
  await gitText(directory, ['tag', 'twice', 'main~1'])
  expect(await readBranch(directory, 'twice')).toBeUndefined()
  expect(await resolveCommit(directory, 'twice')).toBe(await said('main~1'))
  await gitText(directory, ['pack-refs', '--all'])
  expect(await resolveCommit(directory, 'twice')).toBe(await said('main~1'))
})
