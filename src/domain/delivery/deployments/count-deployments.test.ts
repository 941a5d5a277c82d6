import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countDeployments, type DeploymentFact } from './count-deployments.ts'

const fact = (id: string, over: Partial<DeploymentFact> = {}): DeploymentFact => ({
  id,
  environmentId: 'production',
  pipeline: 'p1',
  commitSha: 'aaa',
  state: 'successful',
  completedAt: 100,
  ...over,
})

describe('what counts as a deployment', () => {
  it('is one for a pipeline that was run again: the last attempt speaks', () => {
    const counted = countDeployments([fact('a', { state: 'failed' }), fact('b', { completedAt: 200 })])
    expect(counted).toEqual([{ id: 'b', facts: ['a', 'b'], commitSha: 'aaa', outcome: 'successful', completedAt: 200 }])
  })

  it('is one for several regions, failed where one of them did', () => {
    const regions = [
      fact('eu', { environmentId: 'eu' }),
      fact('us', { environmentId: 'us', state: 'failed', completedAt: 130 }),
    ]
    expect(countDeployments(regions)).toMatchObject([{ id: 'us', outcome: 'failed', completedAt: 130 }])
  })

  it('is successful where one region is there and another was stopped, and stopped where all were', () => {
    const stopped = fact('us', { environmentId: 'us', state: 'stopped' })
    expect(countDeployments([fact('eu', { environmentId: 'eu' }), stopped])).toMatchObject([{ outcome: 'successful' }])
    expect(countDeployments([stopped])).toMatchObject([{ outcome: 'stopped' }])
  })

  it('is not what has not ended', () => {
    const open = [fact('a', { state: 'in_progress', completedAt: null }), fact('b', { state: 'undeployed' })]
    expect(countDeployments(open)).toEqual([])
  })

  it('is two for two commits, and for two tellings without a pipeline', () => {
    expect(countDeployments([fact('a'), fact('b', { commitSha: 'bbb' })])).toHaveLength(2)
    expect(countDeployments([fact('a', { pipeline: null }), fact('b', { pipeline: null })])).toHaveLength(2)
  })

  it('counts every fact once, in whatever order they come', () => {
    const facts = fc.array(
      fc.record({
        environmentId: fc.constantFrom('eu', 'us'),
        pipeline: fc.constantFrom('p1', 'p2', null),
        commitSha: fc.constantFrom('aaa', 'bbb', null),
        state: fc.constantFrom('successful', 'failed', 'stopped', 'in_progress'),
        completedAt: fc.integer({ min: 1, max: 5 }),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(facts, fc.infiniteStream(fc.nat()), (made, keys) => {
        const known = made.map((one, index) => ({ ...one, id: `d${index}` })) satisfies DeploymentFact[]
        const shuffled = known.map((one) => ({ one, key: keys.next().value })).toSorted((a, b) => a.key - b.key)
        const counted = countDeployments(known)
        expect(countDeployments(shuffled.map(({ one }) => one))).toEqual(counted)
        const ended = known.filter(({ state }) => state !== 'in_progress').map(({ id }) => id)
        expect(counted.flatMap((one) => one.facts).toSorted()).toEqual(ended.toSorted())
      }),
    )
  })
})
