/** How many pull requests of an author a reviewer reviewed. Null: nobody knows whose they are. */
export type ReviewCell = { reviewerId: string; authorId: string | null; count: number }

/** A line of the matrix: people who are shown as one. `label` null: what was folded together. */
export type MatrixLine = { key: string; label: string | null; people: number; count: number }

export type ReviewMatrix = {
  reviewers: MatrixLine[]
  authors: MatrixLine[]
  cells: { reviewer: string; author: string; count: number }[]
}

/** Under what people are shown; undefined: they are shown with the rest. */
export type NameLine = (personId: string, side: 'reviewer' | 'author') => { key: string; label: string } | undefined

type Folding = {
  nameOf: NameLine
  /** Lines on each side at most; the rest is folded into one more. */
  most: number
  /** Lines of fewer people are folded too, and with them as many others as make these enough. */
  leastPeople: number
  /** Ordered by their counts, or by their names. */
  isRanked: boolean
}

const others = 'others'

/**
 * Folds reviews into a matrix of at most `most` lines on each side and one of all others. Every review is in exactly one
 * cell, so the sum of cells is the sum of what was given.
 */
export function foldMatrix(cells: readonly ReviewCell[], folding: Folding): ReviewMatrix {
  const reviewers = foldSide(
    cells.map(({ reviewerId, count }) => ({ id: reviewerId, count })),
    'reviewer',
    folding,
  )
  const authors = foldSide(
    cells.map(({ authorId, count }) => ({ id: authorId, count })),
    'author',
    folding,
  )
  const sums = new Map<string, { reviewer: string; author: string; count: number }>()
  for (const { reviewerId, authorId, count } of cells) {
    const [reviewer, author] = [reviewers.keyOf(reviewerId), authors.keyOf(authorId)]
    const at = `${reviewer} ${author}`
    sums.set(at, { reviewer, author, count: (sums.get(at)?.count ?? 0) + count })
  }
  return { reviewers: reviewers.lines, authors: authors.lines, cells: [...sums.values()] }
}

type Part = { id: string | null; count: number }

function foldSide(parts: readonly Part[], side: 'reviewer' | 'author', folding: Folding) {
  const names = nameByCount(parts, (id) => folding.nameOf(id, side))
  const named = parts.map(({ id, count }) => ({ id, count, name: id === null ? undefined : names.get(id) }))
  const groups = [...Map.groupBy(named, ({ name }) => name?.key ?? others)].map(([key, some]) => ({
    ...sumUp(key, some),
    label: some[0]?.name?.label ?? null,
  }))
  let kept = groups
    .filter(({ key, people }) => key !== others && people >= folding.leastPeople)
    .toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .slice(0, folding.most)
  let keys = new Set(kept.map(({ key }) => key))
  let rest = named.filter(({ name }) => name === undefined || !keys.has(name.key))
  // Of too few others each line would tell of them alone, and so would the sum without them: lines join them until they are enough.
  while (kept.length > 0 && isTooFew(rest, folding.leastPeople)) {
    kept = kept.slice(0, -1)
    keys = new Set(kept.map(({ key }) => key))
    rest = named.filter(({ name }) => name === undefined || !keys.has(name.key))
  }
  const shown = folding.isRanked
    ? kept
    : kept.toSorted((a, b) => (a.label ?? '').localeCompare(b.label ?? '', 'en') || (a.key < b.key ? -1 : 1))
  const keyOfPerson = new Map(
    named.flatMap(({ id, name }) => (name !== undefined && keys.has(name.key) ? [[id, name.key] as const] : [])),
  )
  return {
    lines: rest.length === 0 ? shown : [...shown, { ...sumUp(others, rest), label: null }],
    keyOf: (id: string | null) => keyOfPerson.get(id) ?? others,
  }
}

/** Whoever has most is asked for first, so that names that are numbers follow from counts and from nothing else. */
function nameByCount<Name>(parts: readonly Part[], nameOf: (id: string) => Name): Map<string, Name> {
  const sums = new Map<string, number>()
  for (const { id, count } of parts) if (id !== null) sums.set(id, (sums.get(id) ?? 0) + count)
  const inOrder = [...sums].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
  return new Map(inOrder.map(([id]) => [id, nameOf(id)]))
}

function isTooFew(parts: readonly Part[], least: number): boolean {
  const known = new Set(parts.flatMap(({ id }) => id ?? [])).size
  return known > 0 && known < least
}

function sumUp(key: string, parts: readonly Part[]) {
  return {
    key,
    people: new Set(parts.map(({ id }) => id)).size,
    count: parts.reduce((sum, { count }) => sum + count, 0),
  }
}
