import type { MirrorFolder } from './mirror-folder.ts'
import { readTokens } from './read-tokens.ts'

/** A commit as its author and committer wrote it: every text is hostile, and dates are whatever their clocks said. */
export type GitCommit = {
  sha: string
  parents: string[]
  authoredAt: Date
  committedAt: Date
  authorName: string
  authorEmail: string
  message: string
}

const fields = ['%H', '%P', '%at', '%ct', '%an', '%ae', '%B']
const longestName = 300
const longestMessage = 8000
/** 9999-12-31: what both a Date and PostgreSQL can hold, and can be printed with four digits. */
const latestS = 253_402_300_799

/** Commits by full name, in the order asked for. */
export async function* readCommits({ mirror }: MirrorFolder, shas: Iterable<string>): AsyncGenerator<GitCommit> {
  const args = ['log', '--no-walk=unsorted', '--stdin', '-z', `--format=tformat:${fields.join('%x00')}`]
  let held: string[] = []
  // Without the option, a name that looks like one of ours would be taken for a mail map's.
  for await (const token of readTokens({ gitDir: mirror, args: ['-c', 'log.mailmap=false', ...args], lines: shas })) {
    held.push(token)
    if (held.length < fields.length) continue
    yield toCommit(held)
    held = []
  }
}

function toCommit([
  sha = '',
  parents = '',
  authored = '',
  committed = '',
  name = '',
  email = '',
  message = '',
]: string[]) {
  return {
    sha,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    authoredAt: toDate(authored),
    committedAt: toDate(committed),
    authorName: name.slice(0, longestName),
    authorEmail: email.slice(0, longestName),
    message: message.slice(0, longestMessage),
  }
}

/** A date no calendar has is moved to the nearest that one has: what is made of it says that it cannot be right. */
function toDate(seconds: string): Date {
  const value = Number(seconds)
  return new Date(Math.min(Math.max(Number.isFinite(value) ? value : 0, 0), latestS) * 1000)
}
