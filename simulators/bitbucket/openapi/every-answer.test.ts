import { describe, expect, test } from 'vitest'
import { endpoints } from '../routes/endpoints.ts'
import { startSimulator } from '../simulator.ts'
import { mustWalk, takeWalk } from './walk.ts'
import { allWalks } from './walks/all-walks.ts'
import { refusalWalk } from './walks/refusals.ts'

const refusalWalks = [refusalWalk('2026'), refusalWalk('legacy')]
const names = endpoints.map((one) => `${one.method} ${one.path}`)

describe.runIf(mustWalk)('every answer fits the published API description', () => {
  test.each([...allWalks, ...refusalWalks])('$name', async (walk) => {
    const simulator = await startSimulator({ repositories: 2, mode: walk.mode })
    try {
      expect(await takeWalk(simulator, walk)).toEqual([])
    } finally {
      await simulator.close()
    }
  })
})

test('every endpoint is walked through', () => {
  const walked = new Set(allWalks.flatMap(({ steps }) => steps.map((step) => `${step.method} ${step.path}`)))
  expect(names.filter((name) => !walked.has(name))).toEqual([])
})

test('every endpoint is asked for what it must refuse', () => {
  const refused = [...allWalks, ...refusalWalks]
    .flatMap(({ steps }) => steps)
    .filter(({ status = 200 }) => status >= 400)
    .map((step) => `${step.method} ${step.path}`)
  expect(names.filter((name) => !refused.includes(name))).toEqual([])
})
