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

export function parseCommit(record: string): GitCommit {
  const [hash = '', parents = '', author = '', committer = '', date = '', message = ''] = record.split('\0')
  return {
    hash,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author,
    committer,
    date: date.replace('Z', '+00:00'),
    message: message.endsWith('\n') ? message : `${message}\n`,
  }
}

function parseLog(text: string): GitCommit[] {
  // -z ends each record with NUL, which the format's own end mark makes superfluous.
  return text
    .replaceAll('\u0001\0', '\u0001')
    .split('\u0001')
    .map((record) => record.replace(/^\n/, ''))
    .filter((record) => record !== '')
    .map(parseCommit)
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
  const args = ['log', '-z', `--format=${commitFormat}%x01`, '--date-order']
  if (range.skip !== undefined) args.push(`--skip=${range.skip}`)
  if (range.limit !== undefined) args.push(`--max-count=${range.limit}`)
  args.push(...(range.include === 'all' ? ['--branches', '--tags'] : range.include))
  args.push(...range.exclude.map((hash) => `^${hash}`), '--')
  if (range.path !== undefined) args.push(`:(top,literal)${range.path}`)
  return parseLog(await gitText(directory, args))
}

export async function readCommit(directory: string, hash: string): Promise<GitCommit | undefined> {
  return (await listCommits(directory, { include: [hash], exclude: [], limit: 1 }))[0]
}

/** Many commits by their full hashes at once; those that are not there are left out. */
export async function readCommits(directory: string, hashes: Iterable<string>): Promise<Map<string, GitCommit>> {
  const wanted = [...new Set(hashes)]
  if (wanted.length === 0) return new Map()
  const args = ['log', '-z', `--format=${commitFormat}%x01`, '--no-walk=unsorted', '--ignore-missing', '--stdin']
  const commits = parseLog(await gitText(directory, args, { stdin: `${wanted.join('\n')}\n` }))
  return new Map(commits.map((commit) => [commit.hash, commit]))
}
