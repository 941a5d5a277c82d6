import { expect, test } from 'vitest'
import { renderOperations } from '../simulators/bitbucket/openapi/operations-table.ts'
import { mustWalk } from '../simulators/bitbucket/openapi/walk.ts'
import { readSimulatorTable } from './write-simulator-table.ts'

test.runIf(mustWalk)('the simulator’s table of operations says what the code does', async () => {
  expect(readSimulatorTable()).toEqual(await renderOperations())
})
