import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AttributingDeployment, attributeChanges, type MergedPullRequest } from './attribute-changes.ts'

const day = 86_400
const pullRequest = (id: string, mergeSha: string | null, mergedAt: number): MergedPullRequest => ({
  id,
  mergeSha,
  mergedAt,
})
const deployment = (id: string, completedAt: number, merges?: string[]): AttributingDeployment => ({
  id,
  completedAt,
  newMerges: merges === undefined ? undefined : new Set(merges),
})
const attribute = (deployments: AttributingDeployment[], pullRequests: MergedPullRequest[]) =>
  attributeChanges({ deployments, pullRequests, preHistoryDays: 30 })

describe('the deployment a pull request went into production with', () => {
  it('is the first one that contains its merge commit, not the next one in time', () => {
    const { changes } = attribute(
      [deployment('d1', 100 * day, ['m1']), deployment('d2', 101 * day, []), deployment('d3', 102 * day, ['m2'])],
      [pullRequest('p1', 'm1', 99 * day), pullRequest('p2', 'm2', 100.5 * day)],
    )
    expect(changes).toEqual([
      { pullRequestId: 'p1', deploymentId: 'd1', rule: 'ancestry', isBatchMerge: false },
      { pullRequestId: 'p2', deploymentId: 'd3', rule: 'ancestry', isBatchMerge: false },
    ])
  })

  it('is none while no deployment contains it, however many come', () => {
    const { changes } = attribute([deployment('d1', 100 * day, [])], [pullRequest('p1', 'm1', 99 * day)])
    expect(changes).toEqual([])
  })

  it('is not known for what was merged more than 30 days before the first deployment there is', () => {
    const first = deployment('d1', 100 * day, ['old', 'edge'])
    const result = attribute([first], [pullRequest('p1', 'old', 70 * day - 1), pullRequest('p2', 'edge', 70 * day)])
    expect(result.preHistory).toEqual(['p1'])
    expect(result.changes.map((one) => one.pullRequestId)).toEqual(['p2'])
  })

  it('counts one change for pull requests that share a merge commit', () => {
    const { changes } = attribute(
      [deployment('d1', 100 * day, ['m'])],
      [pullRequest('p1', 'm', 99 * day), pullRequest('p2', 'm', 99 * day + 1)],
    )
    expect(changes.map((one) => [one.pullRequestId, one.isBatchMerge])).toEqual([
      ['p1', false],
      ['p2', true],
    ])
  })

  it('is the first success after the merge where no clone can tell, and says so', () => {
    const { changes } = attribute(
      [deployment('d1', 100 * day), deployment('d2', 101 * day)],
      [pullRequest('p1', null, 100 * day), pullRequest('p2', null, 100 * day + 1), pullRequest('p3', null, 102 * day)],
    )
    expect(changes.map((one) => [one.pullRequestId, one.deploymentId, one.rule])).toEqual([
      ['p1', 'd1', 'time_based'],
      ['p2', 'd2', 'time_based'],
    ])
  })

  it('may have ended before the pull request was closed: then it is still that one', () => {
    const { changes } = attribute([deployment('d1', 100 * day, ['m'])], [pullRequest('p1', 'm', 100 * day + 60)])
    expect(changes).toMatchObject([{ deploymentId: 'd1' }])
  })

  it('is at most one, and the same in whatever order things are told', () => {
    const merges = ['m0', 'm1', 'm2', 'm3']
    const deployments = fc.array(fc.tuple(fc.integer({ min: 90, max: 120 }), fc.option(fc.subarray(merges))), {
      maxLength: 6,
    })
    const pullRequests = fc.array(fc.tuple(fc.constantFrom(...merges, null), fc.integer({ min: 50, max: 125 })), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(deployments, pullRequests, (made, merged) => {
        const ds = made.map(([at, contained], index) => deployment(`d${index}`, at * day, contained ?? undefined))
        const ps = merged.map(([sha, at], index) => pullRequest(`p${index}`, sha, at * day))
        const result = attribute(ds, ps)
        const told = [...result.changes.map((one) => one.pullRequestId), ...result.preHistory]
        expect(new Set(told).size).toBe(told.length)
        expect(attribute(ds.toReversed(), ps.toReversed())).toEqual(result)
      }),
    )
  })
})
