import { readBranch } from './read-branch.ts'
import { toRecords } from './records.ts'
import { gitText, tryGit } from './run-git.ts'

export interface GitRef {
  name: string
  kind: 'branch' | 'tag'
  /** The commit, also for an annotated tag. */
  hash: string
  /** What the ref itself stands at: the tag, for an annotated one. */
  object: string
  annotation: { message: string; tagger: string; date: string } | null
}

const format =
  '%(refname)%00%(objectname)%00%(*objectname)%00%(*objecttype)%00%(taggername) %(taggeremail)%00%(taggerdate:iso-strict)%00%(contents)%00'

/** What tags of tags stand at in the end; git lists what the first one stands at. */
async function peelTags(directory: string, tags: string[]): Promise<Map<string, string>> {
  if (tags.length === 0) return new Map()
  const stdin = tags.map((tag) => `${tag}^{}\n`).join('')
  const lines = (await gitText(directory, ['cat-file', '--batch-check=%(objectname)'], { stdin })).split('\n')
  return new Map(tags.map((tag, index) => [tag, lines[index] ?? tag]))
}

export async function listRefs(directory: string): Promise<GitRef[]> {
  const text = await gitText(directory, ['for-each-ref', `--format=${format}`, 'refs/heads', 'refs/tags'])
  const records = toRecords(text, 7)
  const nested = records.filter((record) => record[3] === 'tag').map((record) => record[2] ?? '')
  const ends = await peelTags(directory, nested)
  return records.map((record) => {
    const [refname = '', object = '', once = '', _type, tagger = '', date = '', message = ''] = record
    const peeled = ends.get(once) ?? once
    const isBranch = refname.startsWith('refs/heads/')
    return {
      name: refname.replace(/^refs\/(heads|tags)\//, ''),
      kind: isBranch ? 'branch' : 'tag',
      hash: peeled === '' ? object : peeled,
      object,
      annotation: isBranch || peeled === '' ? null : { message, tagger, date },
    }
  })
}

/** No option, and none of git's ways to say more than a name: `a~2`, `:/text`, `@{1}`, `a..b`. */
const isRevision = /^(?!-|@$)(?!.*(?:\.\.|@\{))[^\s~^:?*[\\\p{Cc}]+$/u

/** What git takes for itself before it looks for a branch of that name. */
const isFullName = /^(?:[0-9a-f]{40}$|refs\/|HEAD$)/

/** The full hash a branch, tag or (shortened) hash stands for; undefined when there is none. */
export async function resolveCommit(directory: string, revision: string): Promise<string | undefined> {
  if (!isRevision.test(revision)) return undefined
  const [, ownName] = /^refs\/heads\/(.+)/.exec(revision) ?? []
  const name = ownName ?? (isFullName.test(revision) ? undefined : revision)
  const branch = name === undefined ? undefined : await readBranch(directory, name, { orTag: name === revision })
  if (branch !== undefined) return branch
  const result = await tryGit(directory, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`])
  return result.code === 0 ? result.stdout.toString('utf8').trim() : undefined
}

const zero = '0'.repeat(40)

/**
 * Moves a ref only when it still stands where the caller saw it: `from` null when it did not exist, undefined when that
 * is no matter. `to` null deletes it.
 */
export async function updateRef(
  directory: string,
  change: { ref: string; from: string | null | undefined; to: string | null },
): Promise<boolean> {
  const was = change.from === undefined ? [] : [change.from ?? zero]
  const args = change.to === null ? ['-d', change.ref, ...was] : [change.ref, change.to, ...was]
  return (await tryGit(directory, ['update-ref', ...args])).code === 0
}

export async function isAncestor(directory: string, older: string, newer: string): Promise<boolean> {
  return (await tryGit(directory, ['merge-base', '--is-ancestor', older, newer])).code === 0
}

export async function mergeBase(directory: string, one: string, other: string): Promise<string | undefined> {
  const result = await tryGit(directory, ['merge-base', one, other])
  return result.code === 0 ? result.stdout.toString('utf8').trim() : undefined
}

/** Makes an annotated tag; false when git does not take its name. The caller knows that it is free. */
export async function createTag(
  directory: string,
  tag: { name: string; hash: string; message: string; tagger: { name: string; email: string }; at: number },
): Promise<boolean> {
  const environment = {
    GIT_COMMITTER_NAME: tag.tagger.name,
    GIT_COMMITTER_EMAIL: tag.tagger.email,
    GIT_COMMITTER_DATE: `${tag.at} +0000`,
  }
  // Without the mode, lines that begin with # would be dropped.
  const args = ['tag', '-a', '--cleanup=whitespace', '-F', '-', '--', tag.name, tag.hash]
  return (await tryGit(directory, args, { stdin: tag.message, environment })).code === 0
}

/** Those of the commits that the given one is in the history of, itself too. */
export async function listDescendants(directory: string, hash: string, among: Iterable<string>): Promise<Set<string>> {
  const wanted = new Set(among)
  const args = ['rev-list', '--ignore-missing', `--ancestry-path=${hash}`, '--stdin']
  const stdin = [...wanted, `^${hash}`].map((one) => `${one}\n`).join('')
  const lines = (await gitText(directory, args, { stdin })).split('\n')
  return new Set([hash, ...lines].filter((one) => wanted.has(one)))
}

/** The commits of a branch's own line that came after a commit was merged into it, oldest first. */
export async function listMergesOf(directory: string, at: { commit: string; tip: string }): Promise<string[]> {
  const form = ['--first-parent', '--reverse', '--ancestry-path']
  const text = await gitText(directory, ['rev-list', ...form, at.tip, `^${at.commit}`])
  return text.split('\n').filter((line) => line !== '')
}

/** How many commits of the destination the source does not have. */
export async function countBehind(directory: string, sides: { source: string; destination: string }): Promise<number> {
  return Number(await gitText(directory, ['rev-list', '--count', sides.destination, `^${sides.source}`]))
}

/** Whether git takes this for the name of a branch or tag. */
export async function isRefName(directory: string, name: string): Promise<boolean> {
  if (name === '' || name.startsWith('-')) return false
  return (await tryGit(directory, ['check-ref-format', `refs/heads/${name}`])).code === 0
}
