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

const format = '%H%x00%P%x00%an <%ae>%x00%cn <%ce>%x00%aI%x00%B%x01'

function parseLog(text: string): GitCommit[] {
  return text
    .split('\u0001')
    .map((record) => record.replace(/^\n/, ''))
    .filter((record) => record !== '')
    .map((record) => {
      const [hash = '', parents = '', author = '', committer = '', date = '', message = ''] = record.split('\0')
      return {
        hash,
        parents: parents.split(' ').filter((parent) => parent !== ''),
        author,
        committer,
        date: date.replace('Z', '+00:00'),
        message: message.endsWith('\n') ? message : `${message}\n`,
      }
    })
}

interface CommitRange {
  include: string[]
  exclude: string[]
  path?: string | undefined
  skip?: number
  limit?: number
}

/** Newest first. */
export async function listCommits(directory: string, range: CommitRange): Promise<GitCommit[]> {
  if (range.include.length === 0) return []
  const args = ['log', '-z', `--format=${format}`, '--date-order']
  if (range.skip !== undefined) args.push(`--skip=${range.skip}`)
  if (range.limit !== undefined) args.push(`--max-count=${range.limit}`)
  args.push(...range.include, ...range.exclude.map((hash) => `^${hash}`), '--')
  if (range.path !== undefined) args.push(range.path)
  // -z ends each record with NUL, which the format's own end mark makes superfluous.
  return parseLog((await gitText(directory, args)).replaceAll('\u0001\0', '\u0001'))
}

export async function readCommit(directory: string, hash: string): Promise<GitCommit | undefined> {
  return (await listCommits(directory, { include: [hash], exclude: [], limit: 1 }))[0]
}
