import { findMovedTrees, type Rename } from './find-moved-trees.ts'
import type { Identity, Left } from './identities.ts'

/** What is known of both scans when files are looked for under other names. */
export type Surroundings = {
  /** Files that hold findings, of the last scan and of this one. */
  before: ReadonlySet<string>
  now: ReadonlySet<string>
  /** Moved keys of what was recognised already: text that stands in other files too tells nothing. */
  common: ReadonlySet<string>
}

/** Text in more files than this says nothing about which of them became which. */
const mostFiles = 50

/** Without the same name, this share of what a file holds has to be in the other one, and something telling among it. */
const leastShare = 0.5
/** Where nothing is telling, nearly all of it, and not too little. */
const leastPlainShare = 0.8
const leastPlain = 5

type Fit = { from: string; to: string; shared: number; telling: number; share: number; end: number }

/**
 * Files of the last scan that go by another name now: the old one holds no finding any more, the new one held none before,
 * and what they hold is the same. Each has to be the other's only best fit; what two fit as well is not guessed.
 */
export function findRenames({ existing, report }: Left, around: Surroundings): Rename[] {
  const gone = existing.filter(({ active, path }) => active && path !== null && !around.now.has(path))
  const came = report.filter(({ path }) => path !== null && !around.before.has(path))
  const trees = findMovedTrees(gone, came, around.now.isDisjointFrom(around.before))
  const moved = { from: new Set(trees.map(({ from }) => from)), to: new Set(trees.map(({ to }) => to)) }
  const others = findEach(
    {
      gone: gone.filter((one) => !moved.from.has(pathOf(one))),
      came: came.filter((one) => !moved.to.has(pathOf(one))),
    },
    around,
  )
  return [...trees, ...others]
}

type Strangers = { gone: readonly Identity[]; came: readonly Identity[] }

/** Files that were renamed one by one. */
function findEach({ gone, came }: Strangers, around: Surroundings): Rename[] {
  const weighed = weigh(gone, came, around.common)
  const ends = weighed.length === 0 ? new Map<string, number>() : countEnds([...around.before, ...around.now])
  const fits = weighed.filter((fit) => isLikely(fit, ends))
  const bestFrom = bestBy(fits, ({ from }) => from)
  const bestTo = bestBy(fits, ({ to }) => to)
  return fits.filter((fit) => bestFrom.get(fit.from) === fit && bestTo.get(fit.to) === fit)
}

/** How many steps two paths have in common, counted from the file name. */
export function commonEnd(one: string, other: string): number {
  const [ours, theirs] = [one.split('/').toReversed(), other.split('/').toReversed()]
  const differs = ours.findIndex((step, index) => step !== theirs[index])
  return differs === -1 ? ours.length : differs
}

/** Every end of every path, and how many files have it. */
function countEnds(paths: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const path of new Set(paths))
    for (let at = path.length; at > 0; ) {
      at = path.lastIndexOf('/', at - 1)
      const end = path.slice(at + 1)
      counts.set(end, (counts.get(end) ?? 0) + 1)
    }
  return counts
}

/** The name alone is enough where no third file ends so: there are many `index.js`, but few `berths/crane.js`. */
function isLikely({ from, shared, telling, share, end }: Fit, ends: ReadonlyMap<string, number>): boolean {
  const common = from.split('/').slice(-end).join('/')
  const hasOwnName = end > 0 && ends.get(common) === 2
  return hasOwnName || (telling > 0 && share >= leastShare) || (shared >= leastPlain && share >= leastPlainShare)
}

/** The one that has more in common than every other one; undefined where two are first. */
function bestBy(fits: readonly Fit[], side: (fit: Fit) => string): Map<string, Fit | undefined> {
  const best = new Map<string, Fit | undefined>()
  for (const [name, group] of Map.groupBy(fits, side)) {
    const [first, second] = group.toSorted((a, b) => weight(b) - weight(a))
    best.set(name, first !== undefined && (second === undefined || weight(first) > weight(second)) ? first : undefined)
  }
  return best
}

function weight({ shared, share, end }: Fit): number {
  return shared * share * (1 + end)
}

function weigh(gone: readonly Identity[], came: readonly Identity[], common: ReadonlySet<string>): Fit[] {
  const sizes = { from: countBy(gone, pathOf), to: countBy(came, pathOf) }
  const cameByKey = Map.groupBy(came, ({ movedKey }) => movedKey)
  const fits = new Map<string, Fit>()
  for (const [key, group] of Map.groupBy(gone, ({ movedKey }) => movedKey)) {
    if (key === null) continue
    const [here, there] = [countBy(group, pathOf), countBy(cameByKey.get(key) ?? [], pathOf)]
    if (here.size * there.size > mostFiles) continue
    const isTelling = key.startsWith('a') && !common.has(key)
    for (const [from, count] of here)
      for (const [to, other] of there) add(fits, { from, to, isTelling, shared: Math.min(count, other) })
  }
  for (const fit of fits.values())
    fit.share = fit.shared / Math.max(sizes.from.get(fit.from) ?? 1, sizes.to.get(fit.to) ?? 1)
  return [...fits.values()]
}

function add(fits: Map<string, Fit>, found: Rename & { isTelling: boolean; shared: number }): void {
  const { from, to, isTelling, shared } = found
  const name = `${from}\n${to}`
  const fit = fits.get(name) ?? { from, to, shared: 0, telling: 0, share: 0, end: commonEnd(from, to) }
  fit.shared += shared
  if (isTelling) fit.telling += shared
  fits.set(name, fit)
}

function pathOf({ path }: Identity): string {
  return path ?? ''
}

function countBy(items: readonly Identity[], name: (one: Identity) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(name(item), (counts.get(name(item)) ?? 0) + 1)
  return counts
}
