import type { UnknownPlaceReason } from '../domain/delivery/remediation/place-states.ts'
import { type Hunk, readHunk, trackLine } from '../domain/delivery/remediation/track-line.ts'
import { isAppError } from '../lib/app-error.ts'
import { gitText } from './git-process.ts'
import type { MirrorFolder } from './mirror-folder.ts'
import { readLines, readTokens } from './read-tokens.ts'

/** A line of a file, counted from 1, as it stood in the commit that was scanned. */
export type Place = { path: string; line: number }

type UnknownReason = Extract<UnknownPlaceReason, 'commit_unknown' | 'apart' | 'too_far' | 'no_file' | 'left_out'>

/**
 * What became of a place between two scans. `removed` and `changed`: the first commit on the branch after which the line
 * as it was scanned is no longer there, and where it stood right before. `kept`: nobody touched it.
 */
export type PlaceFate =
  | { kind: 'removed' | 'changed'; commit: string; path: string; line: number }
  | { kind: 'kept'; path: string; line: number }
  | { kind: 'unknown'; reason: UnknownReason }

export type Between = {
  /** How many versions of files are compared at most; as many as is wise where it is left out. */
  comparisonsAtMost?: number
  /** The last commit a scan saw the places in, and the first one without them; short names of seven letters do. */
  seen: string
  gone: string
  isPartial: boolean
  places: readonly Place[]
}

/** Two scans so far apart, or a file that changed so often, are not looked through. */
const commitsAtMost = 5000
const comparisonsAtMost = 2000
const commandWithinMs = 60_000

const isName = /^[0-9a-f]{7,40}$/
const noObject = /^0+$/

/**
 * Follows each place along the branch itself, one merge at a time, through renames, and without minding blanks. Reads the
 * mirror alone. Throws `unavailable` when it cannot be read.
 */
export async function findRemovals(folder: MirrorFolder, between: Between): Promise<PlaceFate[]> {
  const unknown = (reason: UnknownReason) => between.places.map((): PlaceFate => ({ kind: 'unknown', reason }))
  const [seen, gone] = await resolve(folder, [between.seen, between.gone])
  if (seen === undefined || gone === undefined) return unknown('commit_unknown')
  const line = await listBranch(folder, { seen, gone })
  if (typeof line === 'string') return unknown(line)
  const tracked = await findFiles(folder, { ...between, seen })
  const walk: Walk = {
    folder,
    compared: new Map(),
    left: between.comparisonsAtMost ?? comparisonsAtMost,
    isTooFar: false,
  }
  try {
    await followAlong(walk, line, tracked)
  } catch (error) {
    // The mirror is whole but for the large files the host was told to leave out.
    if (!between.isPartial || !isAppError(error) || error.meta?.['git'] !== 'damaged') throw error
    return unknown('left_out')
  }
  // What was found before the end of patience stays found.
  return walk.isTooFar
    ? tracked.map((fate) => (fate.kind === 'kept' ? { kind: 'unknown', reason: 'too_far' } : fate))
    : tracked
}

const reading = (folder: MirrorFolder) => ({
  gitDir: folder.view,
  objectFolder: folder.objects,
  timeoutMs: commandWithinMs,
})

/** Full names of commits; undefined for what is none, is not here, or fits two. */
async function resolve(folder: MirrorFolder, names: readonly string[]): Promise<(string | undefined)[]> {
  if (!names.every((name) => isName.test(name))) return names.map(() => undefined)
  const lines = names.map((name) => `${name}^{commit}`)
  const said = await gitText({ ...reading(folder), args: ['cat-file', '--batch-check=%(objectname)'], lines })
  return said.split('\n').map((one) => (/^[0-9a-f]{40}$/.test(one) ? one : undefined))
}

type Step = { commit: string; parent: string }

/** Commits of the branch itself from one to the other, the oldest first; why not, where there is no such way. */
async function listBranch(
  folder: MirrorFolder,
  { seen, gone }: { seen: string; gone: string },
): Promise<Step[] | 'apart' | 'too_far'> {
  const args = ['rev-list', '--first-parent', '--parents', `--max-count=${commitsAtMost + 1}`, gone, `^${seen}`, '--']
  const said = await gitText({ ...reading(folder), args })
  const steps = said.split('\n').flatMap((line): Step[] => {
    const [commit = '', parent] = line.split(' ')
    return parent === undefined ? [] : [{ commit, parent }]
  })
  if (steps.length > commitsAtMost) return 'too_far'
  return steps.at(-1)?.parent === seen ? steps.toReversed() : 'apart'
}

/** Where every place begins: there, unless its file is not. */
async function findFiles(
  folder: MirrorFolder,
  { seen, places, isPartial }: Pick<Between, 'seen' | 'places' | 'isPartial'>,
): Promise<PlaceFate[]> {
  const named = places.filter(({ path }) => isOneLine(path))
  const lines = named.map(({ path }) => `${seen}:${path}`)
  const said = await gitText({ ...reading(folder), args: ['cat-file', '--batch-check=%(objecttype)'], lines })
  const answers = said.split('\n')
  const answerOf = new Map(named.map((place, at) => [place, answers[at] ?? '']))
  return places.map((place): PlaceFate => {
    const answer = answerOf.get(place) ?? ''
    if (answer === 'blob') return { kind: 'kept', ...place }
    // git does not tell a file the host left out from one that never was.
    return { kind: 'unknown', reason: isPartial && answer !== '' ? 'left_out' : 'no_file' }
  })
}

const isOneLine = (path: string): boolean => path !== '' && !/[\0\n\r]/.test(path)

type Walk = { folder: MirrorFolder; compared: Map<string, Hunk[]>; left: number; isTooFar: boolean }
type Entry = { old: string; now: string; letter: string; path: string; newPath: string }

/** Moves every place on by each commit that touches its file. `tracked` is changed in place. */
async function followAlong(walk: Walk, steps: readonly Step[], tracked: PlaceFate[]): Promise<void> {
  const args = ['diff-tree', '--stdin', '-r', '-z', '-M', '-l400', '--raw', '--no-abbrev', '--always']
  const lines = steps.map(({ commit, parent }) => `${commit} ${parent}`)
  for await (const { commit, entries } of readChanges(walk.folder, { args, lines })) {
    for (const [at, fate] of tracked.entries()) {
      const entry = fate.kind === 'kept' ? entries.get(fate.path) : undefined
      if (fate.kind === 'kept' && entry !== undefined) tracked[at] = await follow(walk, { commit, entry }, fate)
    }
    if (walk.isTooFar || !tracked.some(({ kind }) => kind === 'kept')) return
  }
}

type Kept = Extract<PlaceFate, { kind: 'kept' }>

async function follow(walk: Walk, { commit, entry }: { commit: string; entry: Entry }, fate: Kept): Promise<PlaceFate> {
  const { path, line } = fate
  // Deleted, or no longer a file: a link or a folder of another repository.
  if (entry.letter === 'D' || entry.letter === 'T') return { kind: 'removed', commit, path, line }
  const found = trackLine(line, await compare(walk, entry))
  return found.kind === 'kept' ? { ...found, path: entry.newPath } : { ...found, commit, path, line }
}

/** Hunks between two versions of a file; a line that only moved sideways is the same line. */
async function compare(walk: Walk, { old, now }: Entry): Promise<Hunk[]> {
  if (old === now) return []
  const key = `${old} ${now}`
  const known = walk.compared.get(key)
  if (known !== undefined) return known
  if (walk.left === 0) {
    walk.isTooFar = true
    return []
  }
  walk.left -= 1
  const hunks: Hunk[] = []
  const how = ['-U0', '-w', '--text', '--diff-algorithm=histogram', '--no-color', '--no-ext-diff', '--no-textconv']
  for await (const line of readLines({ ...reading(walk.folder), args: ['diff', ...how, old, now] })) {
    const hunk = readHunk(line)
    if (hunk !== undefined) hunks.push(hunk)
  }
  walk.compared.set(key, hunks)
  return hunks
}

type Change = { commit: string; entries: Map<string, Entry> }

/** What each commit changed, by the path it had before. */
async function* readChanges(
  folder: MirrorFolder,
  { args, lines }: { args: readonly string[]; lines: readonly string[] },
): AsyncGenerator<Change> {
  let change: Change | undefined
  let head: string[] = []
  let paths: string[] = []
  for await (const token of readTokens({ ...reading(folder), args, lines })) {
    if (head.length === 0 && token.startsWith(':')) {
      head = token.slice(1).split(' ')
      paths = []
    } else if (head.length === 0) {
      if (change !== undefined) yield change
      change = { commit: token, entries: new Map() }
    } else {
      paths.push(token)
      const [, , old = '', now = '', status = ''] = head
      const letter = status.charAt(0)
      if (letter === 'R' && paths.length < 2) continue
      const [path = '', newPath = path] = paths
      // What is new was nowhere before.
      if (!noObject.test(old)) change?.entries.set(path, { old, now, letter, path, newPath })
      head = []
    }
  }
  if (change !== undefined) yield change
}
