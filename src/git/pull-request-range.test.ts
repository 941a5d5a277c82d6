import { describe, expect, test } from 'vitest'
import { createGraphBuilder } from './commit-graph.ts'
import { findRange, type PullRequestHeads } from './pull-request-range.ts'

/** Named by letters: `M: ['D', 'H']` is a commit M with the parents D and H. */
function graphOf(history: Record<string, string[]>) {
  const builder = createGraphBuilder()
  for (const [name, parents] of Object.entries(history)) builder.add(full(name), parents.map(full))
  return builder.build()
}

const full = (name: string): string => Buffer.from(name.padEnd(20, '.')).toString('hex')
const short = (name: string): string => full(name).slice(0, 12)
const names = (shas: readonly string[] | null) =>
  shas?.map((sha) => Buffer.from(sha, 'hex').toString().replace(/\.+$/, ''))

const heads = (wish: Partial<PullRequestHeads>): PullRequestHeads => ({
  isMerged: true,
  sourceCommit: null,
  mergeCommit: null,
  destination: undefined,
  mergedBefore: [],
  ...wish,
})

/** main: base → one → two; the branch left at base and has `first`, `second`. */
const branched = { base: [], one: ['base'], two: ['one'], first: ['base'], second: ['first'] }

function rangeOf(history: Record<string, string[]>, wish: Partial<PullRequestHeads>) {
  const { commits, change, flags, mergeSha, sourceSha } = findRange(graphOf(history), heads(wish))
  const pair =
    change === null ? null : [change.from, change.to].map((sha) => (sha === undefined ? '' : names([sha])?.[0]))
  return { commits: names(commits)?.toSorted() ?? null, pair, flags, mergeSha, sourceSha }
}

describe('a merged pull request', () => {
  test('by a merge commit brings what its second parent has beyond the first', () => {
    const range = rangeOf(
      { ...branched, merge: ['two', 'second'] },
      { sourceCommit: short('second'), mergeCommit: short('merge') },
    )
    expect(range).toEqual({
      commits: ['first', 'second'],
      pair: ['base', 'second'],
      flags: [],
      mergeSha: full('merge'),
      sourceSha: full('second'),
    })
  })

  test('whose source is forgotten is told by its merge commit', () => {
    const range = rangeOf(
      { ...branched, merge: ['two', 'second'] },
      { sourceCommit: short('gone'), mergeCommit: short('merge') },
    )
    expect(range).toMatchObject({ commits: ['first', 'second'], flags: [], sourceSha: null })
  })

  test('that was squashed has its own commits before the squash, not the squash', () => {
    const range = rangeOf(
      { ...branched, squash: ['two'] },
      { sourceCommit: short('second'), mergeCommit: short('squash') },
    )
    expect(range).toMatchObject({ commits: ['first', 'second'], pair: ['base', 'second'], flags: [] })
  })

  test('that was squashed and whose branch was never seen has a size, and says that its commits are unknown', () => {
    const range = rangeOf(
      { ...branched, squash: ['two'] },
      { sourceCommit: short('gone'), mergeCommit: short('squash') },
    )
    expect(range).toMatchObject({ commits: null, pair: ['two', 'squash'], flags: ['source_unknown'] })
  })

  test('that brought main in meanwhile does not count what came from there', () => {
    const history = { ...branched, sync: ['second', 'two'], third: ['sync'], merge: ['two', 'third'] }
    const range = rangeOf(history, { sourceCommit: short('third'), mergeCommit: short('merge') })
    expect(range.commits).toEqual(['first', 'second', 'sync', 'third'])
    expect(range.pair).toEqual(['two', 'third'])
  })

  test('by fast-forward begins where the one before ended, and says that this is a guess', () => {
    const history = { base: [], earlier: ['base'], mine: ['earlier'], last: ['mine'] }
    const wish = { sourceCommit: short('last'), mergeCommit: short('last') }
    expect(rangeOf(history, { ...wish, mergedBefore: [short('earlier')] })).toMatchObject({
      commits: ['last', 'mine'],
      pair: ['earlier', 'last'],
      flags: ['base_guessed'],
    })
    expect(rangeOf(history, wish)).toMatchObject({ commits: null, pair: null, flags: ['base_unknown'] })
  })

  test.each([
    ['that the remote names no merge of', null, 'merge_missing'],
    ['whose merge was dropped by a forced push', short('dropped'), 'merge_unknown'],
  ])('%s has neither commits nor size', (_what, mergeCommit, flag) => {
    const range = rangeOf(branched, { sourceCommit: short('second'), mergeCommit })
    expect(range).toMatchObject({ commits: null, pair: null, mergeSha: null, flags: [flag] })
  })

  test('whose merge fits two commits is joined with neither', () => {
    const twin = `${'merge'.padEnd(12, '.')}x`
    const range = rangeOf(
      { ...branched, [`${'merge'.padEnd(12, '.')}y`]: ['two'], [twin]: ['two'] },
      { sourceCommit: short('second'), mergeCommit: full('merge').slice(0, 12) },
    )
    expect(range).toMatchObject({ commits: null, mergeSha: null, flags: ['merge_ambiguous'] })
  })
})

describe('a pull request that is not merged', () => {
  test('brings what its branch has beyond where the destination stands', () => {
    const range = rangeOf(branched, { isMerged: false, sourceCommit: short('second'), destination: full('two') })
    expect(range).toMatchObject({ commits: ['first', 'second'], pair: ['base', 'second'], flags: [] })
  })

  test('without a commit of its own has none, which is not the same as unknown', () => {
    const range = rangeOf(branched, { isMerged: false, sourceCommit: short('one'), destination: full('two') })
    expect(range).toMatchObject({ commits: [], pair: ['one', 'one'], flags: [] })
  })

  test('into a branch that is gone is not compared', () => {
    const range = rangeOf(branched, { isMerged: false, sourceCommit: short('second') })
    expect(range).toMatchObject({ commits: null, pair: null, flags: ['destination_unknown'] })
  })

  test('of an unrelated history has commits and no size', () => {
    const range = rangeOf(
      { ...branched, other: [] },
      { isMerged: false, sourceCommit: short('other'), destination: full('two') },
    )
    expect(range).toMatchObject({ commits: ['other'], pair: null, flags: ['unrelated'] })
  })
})

test('of 12,000 own commits 10,000 are taken, and it says so', () => {
  const builder = createGraphBuilder()
  const sha = (at: number) => at.toString(16).padStart(8, '0').padEnd(40, '0')
  for (let at = 1; at <= 12_000; at += 1) builder.add(sha(at), at === 1 ? [] : [sha(at - 1)])
  const range = findRange(
    builder.build(),
    heads({ isMerged: false, sourceCommit: sha(12_000).slice(0, 12), destination: sha(1) }),
  )
  expect(range.commits).toHaveLength(10_000)
  expect(range.flags).toEqual(['too_many_commits'])
})
