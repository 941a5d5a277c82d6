import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldMatrix, type NameLine } from './fold-matrix.ts'

const byPerson: NameLine = (id) => ({ key: id, label: id.toUpperCase() })
const folding = { nameOf: byPerson, most: 30, leastPeople: 1, isRanked: false }
const cells = [
  { reviewerId: 'ada', authorId: 'ben', count: 4 },
  { reviewerId: 'ada', authorId: null, count: 1 },
  { reviewerId: 'cleo', authorId: 'ben', count: 2 },
  { reviewerId: 'ben', authorId: 'ada', count: 9 },
]

test('people are lines in the order of their names, and an unknown author is one of the others', () => {
  expect(foldMatrix(cells, folding)).toEqual({
    reviewers: [
      { key: 'ada', label: 'ADA', people: 1, count: 5 },
      { key: 'ben', label: 'BEN', people: 1, count: 9 },
      { key: 'cleo', label: 'CLEO', people: 1, count: 2 },
    ],
    authors: [
      { key: 'ada', label: 'ADA', people: 1, count: 9 },
      { key: 'ben', label: 'BEN', people: 1, count: 6 },
      { key: 'others', label: null, people: 1, count: 1 },
    ],
    cells: [
      { reviewer: 'ada', author: 'ben', count: 4 },
      { reviewer: 'ada', author: 'others', count: 1 },
      { reviewer: 'cleo', author: 'ben', count: 2 },
      { reviewer: 'ben', author: 'ada', count: 9 },
    ],
  })
})

test('only where it is allowed whoever has most comes first', () => {
  const { reviewers } = foldMatrix(cells, { ...folding, isRanked: true })
  expect(reviewers.map(({ key }) => key)).toEqual(['ben', 'ada', 'cleo'])
})

test('what is beyond the most is folded into one line', () => {
  const { reviewers, cells: folded } = foldMatrix(cells, { ...folding, most: 1 })
  expect(reviewers).toEqual([
    { key: 'ben', label: 'BEN', people: 1, count: 9 },
    { key: 'others', label: null, people: 2, count: 7 },
  ])
  expect(folded).toContainEqual({ reviewer: 'others', author: 'others', count: 7 })
})

test('a team in which one person alone reviewed is not shown alone', () => {
  const teams: NameLine = (id) => (id === 'cleo' ? { key: 'small', label: 'Small' } : { key: 'large', label: 'Large' })
  const { reviewers } = foldMatrix(cells, { ...folding, nameOf: teams, leastPeople: 2 })
  // Neither as the others alone: what is left of the sum would be theirs.
  expect(reviewers).toEqual([{ key: 'others', label: null, people: 3, count: 16 }])
  const more = [...cells, { reviewerId: 'dora', authorId: 'ada', count: 1 }]
  const outside: NameLine = (id) => (id === 'dora' ? undefined : teams(id, 'reviewer'))
  expect(foldMatrix(more, { ...folding, nameOf: outside, leastPeople: 2 }).reviewers).toEqual([
    { key: 'large', label: 'Large', people: 2, count: 14 },
    { key: 'others', label: null, people: 2, count: 3 },
  ])
})

const person = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const anyCells = fc.array(
  fc.record({ reviewerId: person, authorId: fc.option(person), count: fc.integer({ min: 1, max: 50 }) }),
)
test('nothing is lost and nothing counted twice, whatever is folded', () => {
  fc.assert(
    fc.property(anyCells, fc.nat({ max: 4 }), fc.integer({ min: 1, max: 3 }), (some, most, leastPeople) => {
      const matrix = foldMatrix(some, { ...folding, most, leastPeople })
      const sum = (counts: readonly { count: number }[]) => counts.reduce((all, { count }) => all + count, 0)
      for (const side of [matrix.cells, matrix.reviewers, matrix.authors]) expect(sum(side)).toBe(sum(some))
      const everybody = new Set(some.map(({ reviewerId }) => reviewerId)).size
      if (everybody >= leastPeople)
        for (const { people } of matrix.reviewers) expect(people).toBeGreaterThanOrEqual(leastPeople)
      expect(matrix.reviewers.length).toBeLessThanOrEqual(most + 1)
      expect(matrix.authors.length).toBeLessThanOrEqual(most + 1)
      for (const { key, count } of matrix.reviewers)
        expect(sum(matrix.cells.filter(({ reviewer }) => reviewer === key))).toBe(count)
    }),
  )
})
