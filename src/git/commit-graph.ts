/** Which commit came from which, of one repository, in some 150 bytes a commit: answers without asking git again. */
export type CommitGraph = {
  size: number
  /** Every parent that was told is a commit that was told: no history is cut off. */
  isWhole: boolean
  shaOf: (commit: number) => string
  parentsOf: (commit: number) => readonly number[]
  /** A full or shortened name, of eight letters at least. */
  find: (name: string) => Found
  /** Commits that `from` reaches and `without` does not, newest generation first. Stops after `atMost`. */
  since: (from: readonly number[], without: readonly number[], atMost?: number) => number[]
  /** The nearest commit both come from; undefined for unrelated histories. */
  mergeBase: (one: number, other: number) => number | undefined
}

export type Found = { kind: 'found'; commit: number } | { kind: 'unknown' } | { kind: 'ambiguous' }

const bytesOfSha = 20
const shortest = 8
const noSlot = 0xffffffff

/** Whether this may name a commit, whole or shortened to eight letters at least. */
export function isCommitName(name: string): boolean {
  return /^[0-9a-f]{8,40}$/.test(name)
}

/** Gathers commits in any order; parents may be told before or after their children, or never (a cut history). */
export function createGraphBuilder(): {
  add: (sha: string, parents: readonly string[]) => void
  build: () => CommitGraph
} {
  let shas = Buffer.alloc(1024 * bytesOfSha)
  let links = Buffer.alloc(1024 * bytesOfSha)
  let starts = new Uint32Array(1025)
  let size = 0
  let linked = 0
  const add = (sha: string, parents: readonly string[]): void => {
    if ((size + 1) * bytesOfSha > shas.length) shas = Buffer.concat([shas, Buffer.alloc(shas.length)])
    if (size + 2 > starts.length) starts = grown(starts)
    shas.write(sha, size * bytesOfSha, 'hex')
    size += 1
    for (const parent of parents) {
      if ((linked + 1) * bytesOfSha > links.length) links = Buffer.concat([links, Buffer.alloc(links.length)])
      links.write(parent, linked * bytesOfSha, 'hex')
      linked += 1
    }
    starts[size] = linked
  }
  return { add, build: () => buildGraph({ shas, links, starts, size }) }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}

type Gathered = { shas: Buffer; links: Buffer; starts: Uint32Array; size: number }
type Shape = { parents: readonly (readonly number[])[]; generations: Uint32Array }

function buildGraph(gathered: Gathered): CommitGraph {
  const { shas, size } = gathered
  const index = createIndex(shas, size)
  const parents: (readonly number[])[] = []
  let missing = 0
  for (let commit = 0; commit < size; commit += 1) {
    const linked = linkParents(gathered, index, commit)
    parents.push(linked.found)
    missing += linked.missing
  }
  const shape = { parents, generations: countGenerations(parents) }
  return {
    size,
    isWhole: missing === 0,
    shaOf: (commit) => shas.toString('hex', commit * bytesOfSha, (commit + 1) * bytesOfSha),
    parentsOf: (commit) => parents[commit] ?? [],
    find: (name) => (isCommitName(name) ? index.find(name) : { kind: 'unknown' }),
    since: (from, without, atMost = Number.POSITIVE_INFINITY) => walkSince(shape, { from, without, atMost }),
    mergeBase: (one, other) => findMergeBase(shape, one, other),
  }
}

type Linked = { found: readonly number[]; missing: number }

function linkParents({ links, starts }: Gathered, index: Index, commit: number): Linked {
  const found: number[] = []
  let missing = 0
  for (let link = starts[commit] ?? 0; link < (starts[commit + 1] ?? 0); link += 1) {
    const parent = index.find(links.toString('hex', link * bytesOfSha, (link + 1) * bytesOfSha))
    if (parent.kind !== 'found') missing += 1
    else if (!found.includes(parent.commit)) found.push(parent.commit)
  }
  return { found, missing }
}

type Index = { find: (name: string) => Found }

/** Names are evenly spread: their first four bytes are the hash, and all that begin alike lie in one run of slots. */
function createIndex(shas: Buffer, size: number): Index {
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, size * 2)))).fill(noSlot)
  const mask = slots.length - 1
  for (let commit = 0; commit < size; commit += 1) {
    let slot = shas.readUInt32BE(commit * bytesOfSha) & mask
    while (slots[slot] !== noSlot) slot = (slot + 1) & mask
    slots[slot] = commit
  }
  return {
    find: (name) => {
      const whole = Math.floor(name.length / 2)
      const bytes = Buffer.from(name.slice(0, whole * 2), 'hex')
      const last = name.length % 2 === 1 ? Number.parseInt(name.slice(-1), 16) : undefined
      let found: number | undefined
      const first = Number.parseInt(name.slice(0, shortest), 16)
      for (let slot = first & mask; ; slot = (slot + 1) & mask) {
        const commit = slots[slot] ?? noSlot
        if (commit === noSlot) break
        const at = commit * bytesOfSha
        if (shas.compare(bytes, 0, whole, at, at + whole) !== 0) continue
        if (last !== undefined && (shas[at + whole] ?? 0) >> 4 !== last) continue
        if (whole === bytesOfSha) return { kind: 'found', commit }
        if (found !== undefined) return { kind: 'ambiguous' }
        found = commit
      }
      return found === undefined ? { kind: 'unknown' } : { kind: 'found', commit: found }
    },
  }
}

/** One more than the highest parent's, so that a walk downwards meets every child before its parents. */
function countGenerations(parents: readonly (readonly number[])[]): Uint32Array {
  const generations = new Uint32Array(parents.length)
  for (let start = 0; start < parents.length; start += 1) {
    const stack = generations[start] === 0 ? [start] : []
    for (let commit = stack.at(-1); commit !== undefined; commit = stack.at(-1)) {
      const unknown = parents[commit]?.filter((parent) => generations[parent] === 0) ?? []
      if (unknown.length > 0) stack.push(...unknown)
      else {
        generations[commit] = 1 + Math.max(0, ...(parents[commit] ?? []).map((parent) => generations[parent] ?? 0))
        stack.pop()
      }
    }
  }
  return generations
}

const wanted = 1
const other = 2

function walkSince(
  shape: Shape,
  { from, without, atMost }: { from: readonly number[]; without: readonly number[]; atMost: number },
): number[] {
  const walk = createWalk(shape)
  for (const commit of without) walk.paint(commit, other)
  for (const commit of from) walk.paint(commit, wanted)
  const own: number[] = []
  while (walk.wantedLeft() > 0 && own.length < atMost) {
    const { commit, color } = walk.take()
    if (color === wanted) own.push(commit)
    // What the others reach is theirs, by whatever way we reach it too.
    for (const parent of shape.parents[commit] ?? []) walk.paint(parent, (color & other) === other ? other : wanted)
  }
  return own
}

function findMergeBase(shape: Shape, one: number, two: number): number | undefined {
  const walk = createWalk(shape)
  walk.paint(one, wanted)
  walk.paint(two, other)
  while (!walk.isEmpty()) {
    const { commit, color } = walk.take()
    if (color === (wanted | other)) return commit
    for (const parent of shape.parents[commit] ?? []) walk.paint(parent, color)
  }
  return undefined
}

/** Commits by generation, highest first, each once with all colors it was painted with: they are final when it is taken. */
function createWalk({ generations }: Shape) {
  const colors = new Map<number, number>()
  const heap = createHeap(generations)
  // Of those still in the heap, how many have this color alone.
  let onlyWanted = 0
  return {
    paint: (commit: number, color: number): void => {
      const before = colors.get(commit)
      if (before === undefined) heap.push(commit)
      const after = (before ?? 0) | color
      if (before === wanted) onlyWanted -= 1
      if (after === wanted) onlyWanted += 1
      colors.set(commit, after)
    },
    take: (): { commit: number; color: number } => {
      const commit = heap.pop()
      const color = colors.get(commit) ?? 0
      if (color === wanted) onlyWanted -= 1
      return { commit, color }
    },
    wantedLeft: (): number => onlyWanted,
    isEmpty: (): boolean => heap.size() === 0,
  }
}

function createHeap(ranks: Uint32Array) {
  const items: number[] = []
  const rank = (at: number): number => ranks[items[at] ?? 0] ?? 0
  const swap = (a: number, b: number): void => {
    const [first = 0, second = 0] = [items[a], items[b]]
    items[a] = second
    items[b] = first
  }
  return {
    size: () => items.length,
    push: (item: number): void => {
      items.push(item)
      for (let at = items.length - 1; at > 0; ) {
        const up = (at - 1) >> 1
        if (rank(up) >= rank(at)) return
        swap(up, at)
        at = up
      }
    },
    pop: (): number => {
      swap(0, items.length - 1)
      const top = items.pop() ?? 0
      for (let at = 0; ; ) {
        const left = at * 2 + 1
        if (left >= items.length) return top
        const best = left + 1 < items.length && rank(left + 1) > rank(left) ? left + 1 : left
        if (rank(at) >= rank(best)) return top
        swap(at, best)
        at = best
      }
    },
  }
}
