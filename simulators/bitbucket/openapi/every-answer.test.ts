import { describe, expect, test } from 'vitest'
import { endpoints } from '../routes/endpoints.ts'
import { startSimulator } from '../simulator.ts'
import { mustWalk, takeWalk } from './walk.ts'
import { allWalks } from './walks/all-walks.ts'

describe.runIf(mustWalk)('every answer fits the published API description', () => {
  test.each(allWalks)('$name', async (walk) => {
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
  const tracker = new RegExp('/(issues/:id/:part|components|milestones|versions)|issues(/:id)?$')
  const missing = endpoints
    .map((one) => `${one.method} ${one.path}`)
    .filter((name) => !walked.has(name) && !tracker.test(name))
  expect(missing).toEqual([])
})
