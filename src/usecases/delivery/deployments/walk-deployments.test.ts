import { describe, expect, it } from 'vitest'
import type { CountedDeployment } from '../../../domain/delivery/deployments/count-deployments.ts'
import { createGraphBuilder } from '../../../git/commit-graph.ts'
import { walkDeployments } from './walk-deployments.ts'

const sha = (letter: string): string => letter.repeat(40)
const deployed = (id: string, commit: string | null): CountedDeployment => ({
  id,
  facts: [id],
  commitSha: commit === null ? null : sha(commit).slice(0, 12),
  outcome: 'successful',
  completedAt: Number(id.slice(1)),
})

/** a ← b ← c ← d on the main branch; e was merged into d from b. */
function openGraph() {
  const builder = createGraphBuilder()
  builder.add(sha('a'), [])
  builder.add(sha('b'), [sha('a')])
  builder.add(sha('c'), [sha('b')])
  builder.add(sha('e'), [sha('b')])
  builder.add(sha('d'), [sha('c'), sha('e')])
  return builder.build()
}
const walk = (...commits: (string | null)[]) =>
  walkDeployments(
    commits.map((commit, index) => deployed(`d${index}`, commit)),
    { graph: openGraph(), merges: new Set(['a', 'b', 'c', 'd', 'e'].map(sha)) },
  ).map(({ newMerges, isRollback }) => ({
    merges: newMerges === undefined ? undefined : [...newMerges].map((one) => one.charAt(0)).toSorted(),
    isRollback,
  }))

describe('what a deployment brought', () => {
  it('is what its commit contains and none before it did, branches that were merged included', () => {
    expect(walk('b', 'd')).toEqual([
      { merges: ['a', 'b'], isRollback: false },
      { merges: ['c', 'd', 'e'], isRollback: false },
    ])
  })

  it('is nothing for the same commit again, which is no rollback', () => {
    expect(walk('c', 'c')[1]).toEqual({ merges: [], isRollback: false })
  })

  it('is nothing for an older commit, which is one; going forward again brings only what was never there', () => {
    expect(walk('c', 'b', 'd').slice(1)).toEqual([
      { merges: [], isRollback: true },
      { merges: ['d', 'e'], isRollback: false },
    ])
  })

  it('counts a side branch once, though it was deployed by itself before', () => {
    expect(walk('e', 'c', 'd').map(({ merges }) => merges)).toEqual([['a', 'b', 'e'], ['c'], ['d']])
  })

  it('is not known where the clone does not know the commit, or there is none', () => {
    expect(walk(null, 'f')).toEqual([
      { merges: undefined, isRollback: false },
      { merges: undefined, isRollback: false },
    ])
  })
})
