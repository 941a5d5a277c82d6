import type { ExistingFinding, ReportIdentity } from './identities.ts'

/** Two findings that may be one: what they are, their ranks in the file, and how far the line moved. */
export type Candidate = { known: ExistingFinding; seen: ReportIdentity; row: number; column: number; shift: number }

/** What it costs that code between two findings was inserted or removed: something, and more the more lines it were. */
const anyEdit = 0.4
const largeEdit = 0.4
const halfLargeLines = 20
/** Of other ends than the one that needs no edit: so many are looked at, from the nearest. Periodic code has no end of them. */
const mostEnds = 50
/** No edit costs as much as this. */
const dearestEdit = anyEdit + largeEdit

/** The best way to end with `last`: `score` counts its links, less what the edits between them cost. */
type Chain = { last: Candidate; score: number; before: Chain | undefined }

/** Chains of candidates in the order of rows and columns, the best one for each end that a later row may go on from. */
export class Chains {
  /** By column. Whoever is beaten by an edit from a chain that ends no later is in it no more. */
  #alive: Chain[] = []
  /** The best score of `#alive` up to each of them. */
  #bestUpTo: number[] = []
  /** The last chain that ends with a shift. Who is shifted as far stands behind it, and needs no edit. */
  readonly #byShift = new Map<number, Chain>()
  #best: Chain | undefined

  /** All candidates of one row, by column; rows in their order. */
  addRow(row: readonly Candidate[]): void {
    const added = row.map((one) => this.#extend(one))
    for (const chain of added) {
      if (this.#best === undefined || chain.score > this.#best.score) this.#best = chain
      this.#byShift.set(chain.last.shift, chain)
    }
    this.#keep(merge(this.#alive, added))
  }

  /** The links of the best chain, in order. */
  best(): Candidate[] {
    const links: Candidate[] = []
    for (let chain = this.#best; chain !== undefined; chain = chain.before) links.push(chain.last)
    return links.toReversed()
  }

  #extend(last: Candidate): Chain {
    const still = this.#byShift.get(last.shift)
    let best: Chain = { last, score: 1 - editCost(last.shift), before: undefined }
    if (still !== undefined && still.last.column < last.column && still.score + 1 > best.score)
      best = { last, score: still.score + 1, before: still }
    const end = this.#countBefore(last.column)
    for (let at = end - 1; at >= Math.max(0, end - mostEnds); at--) {
      // None of those that end before it is better either.
      if ((this.#bestUpTo[at] ?? 0) + 1 <= best.score) break
      const before = this.#alive[at]
      if (before === undefined) continue
      const score = before.score + 1 - editCost(last.shift - before.last.shift)
      if (score > best.score) best = { last, score, before }
    }
    return best
  }

  /** How many of `#alive` end before the column. */
  #countBefore(column: number): number {
    let [low, high] = [0, this.#alive.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#alive[middle]?.last.column ?? 0) < column) low = middle + 1
      else high = middle
    }
    return low
  }

  #keep(chains: readonly Chain[]): void {
    this.#alive = []
    this.#bestUpTo = []
    let best = Number.NEGATIVE_INFINITY
    for (const chain of chains) {
      if (chain.score <= best - dearestEdit) continue
      best = Math.max(best, chain.score)
      this.#alive.push(chain)
      this.#bestUpTo.push(best)
    }
  }
}

/** Both by column; of the same column the older one first. */
function merge(alive: readonly Chain[], added: readonly Chain[]): Chain[] {
  const all: Chain[] = []
  let at = 0
  for (const chain of added) {
    for (let older = alive[at]; older !== undefined && older.last.column <= chain.last.column; older = alive[at]) {
      all.push(older)
      at += 1
    }
    all.push(chain)
  }
  for (; at < alive.length; at++) {
    const older = alive[at]
    if (older !== undefined) all.push(older)
  }
  return all
}

function editCost(shift: number): number {
  const lines = Math.abs(shift)
  return lines === 0 ? 0 : anyEdit + (largeEdit * lines) / (lines + halfLargeLines)
}
