import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CommitGraph, createGraphBuilder } from './commit-graph.ts'

/** Each commit with the places of its parents, which come before it. */
const history = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 40 })
  .map((wishes) => wishes.map((parents, at) => [...new Set(at === 0 ? [] : parents.map((one) => one % at))]))

const shaOf = (at: number): string => `${((at + 1) * 2_654_435_761) % 2 ** 32}`.padStart(10, '0').padEnd(40, 'a')

/** Told children first, as git does. */
function build(parents: readonly (readonly number[])[]): CommitGraph {
  const builder = createGraphBuilder()
  for (const [at, own] of [...parents.entries()].toReversed()) builder.add(shaOf(at), own.map(shaOf))
  return builder.build()
}

function reached(parents: readonly (readonly number[])[], from: readonly number[]): Set<number> {
  const found = new Set<number>()
  const stack = [...from]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (found.has(at)) continue
    found.add(at)
    stack.push(...(parents[at] ?? []))
  }
  return found
}

const indexOf = (graph: CommitGraph, at: number): number => {
  const found = graph.find(shaOf(at))
  if (found.kind !== 'found') throw new Error(`commit ${at} is ${found.kind}`)
  return found.commit
}

test('what came since is what one side reaches and the other does not, children before their parents', () => {
  fc.assert(
    fc.property(
      history,
      fc.array(fc.nat(), { maxLength: 3 }),
      fc.array(fc.nat(), { maxLength: 3 }),
      (parents, a, b) => {
        const [from, without] = [a, b].map((side) => side.map((at) => at % parents.length))
        const graph = build(parents)
        const found = graph.since(
          (from ?? []).map((at) => indexOf(graph, at)),
          (without ?? []).map((at) => indexOf(graph, at)),
        )
        const known = reached(parents, without ?? [])
        const expected = [...reached(parents, from ?? [])].filter((at) => !known.has(at))
        expect(found.map(graph.shaOf).toSorted()).toEqual(expected.map(shaOf).toSorted())
        for (const [place, commit] of found.entries())
          for (const parent of graph.parentsOf(commit)) expect(found.slice(0, place)).not.toContain(parent)
      },
    ),
    { numRuns: 200 },
  )
})

test('a merge base is reached by both sides, and no child of it is', () => {
  fc.assert(
    fc.property(history, fc.nat(), fc.nat(), (parents, a, b) => {
      const [one, two] = [a % parents.length, b % parents.length]
      const graph = build(parents)
      const base = graph.mergeBase(indexOf(graph, one), indexOf(graph, two))
      const both = [...reached(parents, [one])].filter((at) => reached(parents, [two]).has(at))
      if (base === undefined) {
        expect(both).toEqual([])
        return
      }
      const shared = both.map(shaOf)
      expect(shared).toContain(graph.shaOf(base))
      const children = both.filter((at) => parents[at]?.some((parent) => shaOf(parent) === graph.shaOf(base)))
      expect(children).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('a shortened name finds its commit, and says when two begin alike', () => {
  const builder = createGraphBuilder()
  const [one, two, three] = [`1234567890ab${'0'.repeat(28)}`, `1234567890ab${'f'.repeat(28)}`, '9'.repeat(40)]
  builder.add(one, [two])
  builder.add(two, [three])
  builder.add(three, [])
  const graph = builder.build()
  expect(graph.find('1234567890ab')).toEqual({ kind: 'ambiguous' })
  expect(graph.find('1234567890ab0')).toMatchObject({ kind: 'found' })
  expect(graph.find(two)).toMatchObject({ kind: 'found' })
  expect(graph.find('999999999')).toMatchObject({ kind: 'found' })
  for (const unknown of ['1234567890ac', '', 'HEAD', '--all', '1234', `${'9'.repeat(40)}9`])
    expect(graph.find(unknown)).toEqual({ kind: 'unknown' })
})

test('a parent that is not there, as in a cut history, is none', () => {
  const builder = createGraphBuilder()
  builder.add('a'.repeat(40), ['b'.repeat(40)])
  const graph = builder.build()
  expect(graph.parentsOf(0)).toEqual([])
  expect(graph.since([0], [])).toEqual([0])
})

test('a line of 200,000 commits is walked without falling over', () => {
  const builder = createGraphBuilder()
  const sha = (at: number): string => at.toString(16).padStart(8, '0').padEnd(40, '0')
  for (let at = 200_000; at > 0; at -= 1) builder.add(sha(at), at === 1 ? [] : [sha(at - 1)])
  const graph = builder.build()
  expect(graph.since([0], [1])).toEqual([0])
  expect(graph.since([0], [])).toHaveLength(200_000)
  expect(graph.mergeBase(0, 199_999)).toBe(199_999)
})
