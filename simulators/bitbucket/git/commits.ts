import { pathspec } from './pathspec.ts'
import { toRecords } from './records.ts'
import type { GitRef } from './refs.ts'
import { gitText } from './run-git.ts'

export interface GitCommit {
  hash: string
  parents: string[]
  /** `Name <mail>` */
  author: string
  committer: string
  /** ISO 8601 with the author's own offset. */
  date: string
  message: string
}

/** What `parseCommit` reads, as a format of `git log`. */
export const commitFormat = '%H%x00%P%x00%an <%ae>%x00%cn <%ce>%x00%aI%x00%B'
const commitFields = 6

export function parseCommit(record: readonly string[]): GitCommit {
  const [hash = '', parents = '', author = '', committer = '', date = '', message = ''] = record
  return {
    hash,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author,
    committer,
    date: date.replace('Z', '+00:00'),
    message: message.endsWith('\n') ? message : `${message}\n`,
  }
}

/** Reads what `-z` and the format print: -z ends the last field as well. */
function parseLog(text: string): GitCommit[] {
  return toRecords(text, commitFields).map(parseCommit)
}

interface CommitRange {
  /** `all`: whatever is on any branch or tag. */
  include: string[] | 'all'
  exclude: string[]
  path?: string | undefined
  skip?: number
  limit?: number
}

/** Newest first. */
export async function listCommits(directory: string, range: CommitRange): Promise<GitCommit[]> {
  if (range.include.length === 0) return []
  const args = ['log', '-z', `--format=${commitFormat}`, '--date-order']
  if (range.skip !== undefined) args.push(`--skip=${range.skip}`)
  if (range.limit !== undefined) args.push(`--max-count=${range.limit}`)
  if (range.include === 'all') args.push('--branches', '--tags')
  args.push('--stdin', '--')
  if (range.path !== undefined) args.push(pathspec(range.path))
  // Callers may name more of them than arguments have room for.
  const named = [...(range.include === 'all' ? [] : range.include), ...range.exclude.map((hash) => `^${hash}`)]
  return parseLog(await gitText(directory, args, { stdin: named.map((one) => `${one}\n`).join('') }))
}

export async function readCommit(directory: string, hash: string): Promise<GitCommit | undefined> {
  return (await listCommits(directory, { include: [hash], exclude: [], limit: 1 }))[0]
}

/** Many commits by their full hashes at once; those that are not there are left out. */
export async function readCommits(directory: string, hashes: Iterable<string>): Promise<Map<string, GitCommit>> {
  const wanted = [...new Set(hashes)]
  if (wanted.length === 0) return new Map()
  const args = ['log', '-z', `--format=${commitFormat}`, '--no-walk=unsorted', '--ignore-missing', '--stdin']
  const commits = parseLog(await gitText(directory, args, { stdin: `${wanted.join('\n')}\n` }))
  return new Map(commits.map((commit) => [commit.hash, commit]))
}

/** All branches by name, and their commits, from one process: together they are what listings are made of. */
export async function listBranches(
  directory: string,
): Promise<{ branches: GitRef[]; commits: Map<string, GitCommit> }> {
  const decorated = ['--decorate=full', '--decorate-refs=refs/heads/', `--format=%D%x00${commitFormat}`]
  const text = await gitText(directory, ['log', '-z', '--no-walk=unsorted', '--branches', ...decorated, '--'])
  const commits = new Map<string, GitCommit>()
  const branches: { key: Buffer; ref: GitRef }[] = []
  for (const [names = '', ...record] of toRecords(text, commitFields + 1)) {
    const commit = parseCommit(record)
    commits.set(commit.hash, commit)
    for (const refname of names.split(', ')) {
      const name = refname.slice('refs/heads/'.length)
      const ref: GitRef = { name, kind: 'branch', hash: commit.hash, object: commit.hash, annotation: null }
      branches.push({ key: Buffer.from(name), ref })
    }
  }
  branches.sort((one, other) => Buffer.compare(one.key, other.key))
  return { branches: branches.map(({ ref }) => ref), commits }
}
