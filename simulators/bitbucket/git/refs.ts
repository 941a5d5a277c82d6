import { gitText, tryGit } from './run-git.ts'

export interface GitRef {
  name: string
  kind: 'branch' | 'tag'
  /** The commit, also for an annotated tag. */
  hash: string
  annotation: { message: string; tagger: string; date: string } | null
}

const format =
  '%(refname)%00%(objectname)%00%(*objectname)%00%(taggername) %(taggeremail)%00%(taggerdate:iso-strict)%00%(contents)%01'

export async function listRefs(directory: string): Promise<GitRef[]> {
  const text = await gitText(directory, ['for-each-ref', `--format=${format}`, 'refs/heads', 'refs/tags'])
  return text
    .split('\u0001')
    .map((record) => record.replace(/^\n/, ''))
    .filter((record) => record !== '')
    .map((record) => {
      const [refname = '', object = '', peeled = '', tagger = '', date = '', message = ''] = record.split('\0')
      const isBranch = refname.startsWith('refs/heads/')
      return {
        name: refname.replace(/^refs\/(heads|tags)\//, ''),
        kind: isBranch ? 'branch' : 'tag',
        hash: peeled === '' ? object : peeled,
        annotation: isBranch || peeled === '' ? null : { message, tagger, date },
      }
    })
}

/** The full hash a branch, tag or (shortened) hash stands for; undefined when there is none. */
export async function resolveCommit(directory: string, revision: string): Promise<string | undefined> {
  if (revision === '' || revision.startsWith('-') || /[\s~^:?*[\\\0]|\.\./.test(revision)) return undefined
  const result = await tryGit(directory, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`])
  return result.code === 0 ? result.stdout.toString('utf8').trim() : undefined
}

const zero = '0'.repeat(40)

/** Moves a ref only when it still stands where the caller saw it. `null` deletes it. */
export async function updateRef(
  directory: string,
  change: { ref: string; from: string | null; to: string | null },
): Promise<boolean> {
  const args =
    change.to === null
      ? ['update-ref', '-d', change.ref, change.from ?? zero]
      : ['update-ref', change.ref, change.to, change.from ?? zero]
  return (await tryGit(directory, args)).code === 0
}

export async function isAncestor(directory: string, older: string, newer: string): Promise<boolean> {
  return (await tryGit(directory, ['merge-base', '--is-ancestor', older, newer])).code === 0
}

export async function mergeBase(directory: string, one: string, other: string): Promise<string | undefined> {
  const result = await tryGit(directory, ['merge-base', one, other])
  return result.code === 0 ? result.stdout.toString('utf8').trim() : undefined
}
