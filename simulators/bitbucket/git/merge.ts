import type { Person } from '../model.ts'
import { badRequest } from '../simulator-error.ts'
import { type FileConflict, tryMerge } from './conflicts.ts'
import { toRecords } from './records.ts'
import { isAncestor, mergeBase } from './refs.ts'
import { gitText } from './run-git.ts'

export const mergeStrategies = [
  'merge_commit',
  'squash',
  'fast_forward',
  'squash_fast_forward',
  'rebase_fast_forward',
  'rebase_merge',
] as const
export type MergeStrategy = (typeof mergeStrategies)[number]

interface MergeInput {
  directory: string
  source: string
  destination: string
  strategy: MergeStrategy
  message: string
  /** Who merges: the committer of whatever is made, and the author of a merge commit. */
  merger: Person
  /** The author of a commit that squashes. */
  squashAuthor: Person
  /** Seconds since 1970: the date of what is made. */
  at: number
}

type MergeOutcome =
  | { kind: 'merged'; hash: string }
  | { kind: 'conflict'; conflicts: FileConflict[] }
  | { kind: 'not_fast_forward' }

interface Signature {
  name: string
  email: string
  /** Seconds since 1970 and offset, as git keeps them. */
  date: string
}

interface NewCommit {
  tree: string
  parents: string[]
  message: string
  author: Signature
}

function signature(person: Person, at: number): Signature {
  return { name: person.displayName, email: person.email, date: `${at} +0000` }
}

async function commitTree(input: MergeInput, commit: NewCommit): Promise<string> {
  if (commit.message.includes('\0'))
    throw badRequest('Bad request', { message: ['No commit message can have a NUL in it.'] })
  const committer = signature(input.merger, input.at)
  const environment = {
    // git takes no name without a letter, but a pushed commit may have one.
    GIT_AUTHOR_NAME: /[^\s.,:;<>"'\\]/.test(commit.author.name) ? commit.author.name : 'unknown',
    GIT_AUTHOR_EMAIL: commit.author.email,
    // The @ keeps git from guessing at small numbers; what it could not hold at all is taken for now.
    GIT_AUTHOR_DATE: /^\d{1,11} [+-]\d{4}$/.test(commit.author.date) ? `@${commit.author.date}` : committer.date,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: committer.date,
  }
  const args = ['commit-tree', commit.tree, ...commit.parents.flatMap((parent) => ['-p', parent]), '-F', '-']
  return (await gitText(input.directory, args, { stdin: commit.message, environment })).trim()
}

async function treeOf(directory: string, commit: string): Promise<string> {
  return (await gitText(directory, ['rev-parse', `${commit}^{tree}`])).trim()
}

interface Pick {
  hash: string
  parents: string[]
  author: Signature
  message: string
}

/** The source's own commits, oldest first. */
async function listPicks({ directory, source, destination }: MergeInput): Promise<Pick[]> {
  const format = '--format=%H%x00%P%x00%an%x00%ae%x00%ad%x00%B'
  const args = ['log', '-z', '--reverse', '--topo-order', '--date=raw', format, source, `^${destination}`, '--']
  return toRecords(await gitText(directory, args), 6).map((record) => {
    const [hash = '', parents = '', name = '', email = '', date = '', message = ''] = record
    return { hash, parents: parents.split(' ').filter((one) => one !== ''), author: { name, email, date }, message }
  })
}

/**
 * Replays the source's own commits on the destination as `git rebase` does: authors and their dates stay, merges and
 * what the destination has already fall out. git 2.39 has no rebase without a work tree, so each pick is a three-way
 * merge with a stand-in for the tip whose parent is the picked commit's: that makes this parent the merge base.
 */
async function replay(input: MergeInput): Promise<MergeOutcome> {
  const { directory } = input
  const picks = await listPicks(input)
  const isStraight = picks.every((pick) => pick.parents.length === 1)
  if (isStraight && (await isAncestor(directory, input.destination, input.source)))
    return { kind: 'merged', hash: input.source }
  let tip = input.destination
  for (const pick of picks.filter(({ parents }) => parents.length === 1)) {
    const [parent = ''] = pick.parents
    const tipTree = await treeOf(directory, tip)
    const standIn = await commitTree(input, { ...pick, tree: tipTree, message: 'stand-in' })
    const merged = await tryMerge(directory, { source: pick.hash, destination: standIn })
    if (merged === undefined || merged.conflicts.length > 0)
      return { kind: 'conflict', conflicts: merged?.conflicts ?? [] }
    const wasEmpty = (await treeOf(directory, parent)) === (await treeOf(directory, pick.hash))
    if (merged.tree === tipTree && !wasEmpty) continue
    tip = await commitTree(input, { ...pick, tree: merged.tree, parents: [tip] })
  }
  return { kind: 'merged', hash: tip }
}

/** Makes the merged commit; the caller moves the branch. */
export async function makeMerge(input: MergeInput): Promise<MergeOutcome> {
  const { directory, source, destination, strategy, message } = input
  const mayFastForward = await isAncestor(directory, destination, source)
  const squashing = { parents: [destination], message, author: signature(input.squashAuthor, input.at) }
  const merging = { message, author: signature(input.merger, input.at) }
  switch (strategy) {
    case 'fast_forward':
      return mayFastForward ? { kind: 'merged', hash: source } : { kind: 'not_fast_forward' }
    case 'squash_fast_forward':
      if (!mayFastForward) return { kind: 'not_fast_forward' }
      return { kind: 'merged', hash: await commitTree(input, { ...squashing, tree: await treeOf(directory, source) }) }
    case 'rebase_fast_forward':
      return await replay(input)
    case 'rebase_merge': {
      const replayed = await replay(input)
      if (replayed.kind !== 'merged') return replayed
      const tree = await treeOf(directory, replayed.hash)
      const hash = await commitTree(input, { ...merging, tree, parents: [destination, replayed.hash] })
      return { kind: 'merged', hash }
    }
    case 'merge_commit':
    case 'squash': {
      const merged = await tryMerge(directory, { source, destination })
      if (merged === undefined || merged.conflicts.length > 0)
        return { kind: 'conflict', conflicts: merged?.conflicts ?? [] }
      const commit = strategy === 'squash' ? squashing : { ...merging, parents: [destination, source] }
      return { kind: 'merged', hash: await commitTree(input, { ...commit, tree: merged.tree }) }
    }
    default:
      return strategy satisfies never
  }
}

/** The commit a topic's changes are counted from. */
export async function topicBase(directory: string, source: string, destination: string): Promise<string> {
  return (await mergeBase(directory, destination, source)) ?? destination
}
