import type { Person } from '../model.ts'
import { isAncestor, mergeBase } from './refs.ts'
import { gitText, tryGit } from './run-git.ts'

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
  author: Person
  /** Seconds since 1970: the date of the commit. */
  at: number
}

type MergeOutcome = { kind: 'merged'; hash: string } | { kind: 'conflict' } | { kind: 'not_fast_forward' }

function identity(input: MergeInput): Record<string, string> {
  const date = `${input.at} +0000`
  const { displayName, email } = input.author
  return {
    GIT_AUTHOR_NAME: displayName,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: displayName,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  }
}

async function commitTree(
  input: MergeInput,
  commit: { tree: string; parents: string[]; message: string },
): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent])
  const args = ['commit-tree', commit.tree, ...parents, '-F', '-']
  return (await gitText(input.directory, args, { stdin: commit.message, environment: identity(input) })).trim()
}

async function treeOf(directory: string, commit: string): Promise<string> {
  return (await gitText(directory, ['rev-parse', `${commit}^{tree}`])).trim()
}

/** The merged tree of two commits without touching any ref; undefined on a conflict. */
async function mergedTree(directory: string, one: string, other: string): Promise<string | undefined> {
  const result = await tryGit(directory, ['merge-tree', '--write-tree', one, other])
  return result.code === 0 ? (result.stdout.toString('utf8').split('\n')[0] ?? '') : undefined
}

/** Replays the source's own commits on the destination: git 2.39 has no bare rebase, so each pick is a three-way merge
 * of a commit re-parented onto the one before it. */
async function replay(input: MergeInput): Promise<string | undefined> {
  const list = await gitText(input.directory, [
    'rev-list',
    '--reverse',
    '--no-merges',
    input.source,
    `^${input.destination}`,
  ])
  let tip = input.destination
  for (const commit of list.split('\n').filter((line) => line !== '')) {
    const parent = (await gitText(input.directory, ['rev-parse', `${commit}^`])).trim()
    // A stand-in for the tip whose parent is the picked commit's parent makes that parent the merge base.
    const standIn = await commitTree(input, {
      tree: await treeOf(input.directory, tip),
      parents: [parent],
      message: 'replay',
    })
    const tree = await mergedTree(input.directory, standIn, commit)
    if (tree === undefined) return undefined
    const message = await gitText(input.directory, ['log', '-1', '--format=%B', commit])
    tip = await commitTree(input, { tree, parents: [tip], message })
  }
  return tip
}

/** Makes the merged commit; the caller moves the branch. */
export async function makeMerge(input: MergeInput): Promise<MergeOutcome> {
  const { directory, source, destination, strategy, message } = input
  const canFastForward = await isAncestor(directory, destination, source)
  switch (strategy) {
    case 'fast_forward':
      return canFastForward ? { kind: 'merged', hash: source } : { kind: 'not_fast_forward' }
    case 'squash_fast_forward':
      if (!canFastForward) return { kind: 'not_fast_forward' }
      return {
        kind: 'merged',
        hash: await commitTree(input, { tree: await treeOf(directory, source), parents: [destination], message }),
      }
    case 'rebase_fast_forward':
    case 'rebase_merge': {
      const tip = await replay(input)
      if (tip === undefined) return { kind: 'conflict' }
      if (strategy === 'rebase_fast_forward') return { kind: 'merged', hash: tip }
      return {
        kind: 'merged',
        hash: await commitTree(input, { tree: await treeOf(directory, tip), parents: [destination, tip], message }),
      }
    }
    case 'merge_commit':
    case 'squash': {
      const tree = await mergedTree(directory, destination, source)
      if (tree === undefined) return { kind: 'conflict' }
      const parents = strategy === 'squash' ? [destination] : [destination, source]
      return { kind: 'merged', hash: await commitTree(input, { tree, parents, message }) }
    }
    default:
      return strategy satisfies never
  }
}

/** The commit a topic's changes are counted from. */
export async function topicBase(directory: string, source: string, destination: string): Promise<string> {
  return (await mergeBase(directory, destination, source)) ?? destination
}
