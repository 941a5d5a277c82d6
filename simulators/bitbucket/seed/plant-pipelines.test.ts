import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveCommit } from '../git/refs.ts'
import type { Repository } from '../model.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { seedToday } from './today.ts'

let one: Simulator
let other: Simulator

beforeAll(async () => {
  one = await startSimulator({ repositories: 0 })
  other = await startSimulator({ repositories: 0 })
})
afterAll(async () => {
  await one.close()
  await other.close()
})

const told = ({ pipelines, deployments, statuses }: Repository) =>
  JSON.stringify([
    pipelines.map(({ uuid, state, createdOn, steps }) => [uuid, state, createdOn, steps.map(({ log }) => log)]),
    deployments.map(({ uuid, state, number }) => [uuid, state, number]),
    statuses,
  ])

test('the past of pipelines is the same in every run', () => {
  expect(one.sim.repositories.map(told)).toEqual(other.sim.repositories.map(told))
})

test('every repository with a history has failures, a stopped one, a hotfix, a scheduled one and deployments', () => {
  for (const { slug, pipelines, deployments } of one.sim.repositories) {
    const results = pipelines.map(({ state }) => (state.name === 'COMPLETED' ? state.result : state.name))
    expect([slug, ...new Set(results)]).toEqual(expect.arrayContaining([slug, 'SUCCESSFUL', 'FAILED', 'STOPPED']))
    expect(pipelines.some(({ target }) => target.selector?.pattern === 'hotfix')).toBe(true)
    expect(pipelines.some(({ trigger }) => trigger === 'SCHEDULED')).toBe(true)
    const states = deployments.map(({ state }) => (state.name === 'COMPLETED' ? state.status : state.name))
    expect(states).toEqual(expect.arrayContaining(['SUCCESSFUL', 'FAILED']))
    expect(deployments.some(({ step }) => step.runNumber === 2)).toBe(true)
  }
})

test('what is told holds together: commits exist, times are in order, numbers go up', async () => {
  for (const { directory, pipelines, deployments } of one.sim.repositories) {
    expect(pipelines.map(({ buildNumber }) => buildNumber)).toEqual(pipelines.map((_pipeline, index) => index + 1))
    for (const hash of new Set(pipelines.map(({ target }) => target.hash)))
      expect(await resolveCommit(directory, hash)).toBe(hash)
    for (const { createdOn, completedOn, steps } of pipelines) {
      const times = [
        createdOn,
        ...steps
          .filter(({ runNumber }) => runNumber === 1)
          .flatMap(({ startedOn, completedOn: end }) => [startedOn, end]),
        completedOn,
      ]
        .filter((time) => time !== null)
        .map((time) => Date.parse(time))
      expect(times).toEqual(times.toSorted((before, after) => before - after))
      expect(Math.max(...times)).toBeLessThan(seedToday * 1000)
    }
    for (const { pipeline, step, hash } of deployments) {
      expect(pipeline.steps).toContain(step)
      expect(hash).toBe(pipeline.target.hash)
    }
  }
})
