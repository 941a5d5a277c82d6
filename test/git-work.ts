import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type MirrorFolder, mirrorFolder } from '../src/git/mirror-folder.ts'

const env = {
  PATH: '/usr/bin:/bin',
  GIT_AUTHOR_NAME: 'Ida',
  GIT_AUTHOR_EMAIL: 'ida@meadow-goods.example',
  GIT_COMMITTER_NAME: 'Ida',
  GIT_COMMITTER_EMAIL: 'ida@meadow-goods.example',
}

export type GitWork = Awaited<ReturnType<typeof createGitWork>>

/** A repository somebody works in, on `main`, and the place below `root` where its mirror lies once `mirror` is called. */
export async function createGitWork(root: string, key: { organizationId: string; repositoryId: string }) {
  const work = join(root, `work-${key.repositoryId}`)
  const folder: MirrorFolder = mirrorFolder(root, key)
  const git = (...args: string[]) => execFileSync('git', args, { cwd: work, encoding: 'utf8', env }).trim()
  await mkdir(work, { recursive: true })
  git('init', '-q', '-b', 'main')
  await mkdir(dirname(folder.mirror), { recursive: true })
  git('init', '-q', '--bare', folder.view)
  const save = (): string => {
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-m', 'change')
    return git('rev-parse', 'HEAD')
  }
  const commit = async (files: Record<string, string>): Promise<string> => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(work, path)), { recursive: true })
      await writeFile(join(work, path), content)
    }
    return save()
  }
  return {
    folder,
    git,
    save,
    commit,
    /** Work of two commits on a branch of its own, merged with a merge commit. Answers that commit. */
    merge: async (files: Record<string, string>): Promise<string> => {
      git('checkout', '-q', '-b', 'work')
      await commit(files)
      await commit({ 'notes.md': `${git('rev-parse', 'HEAD')}\n` })
      git('checkout', '-q', 'main')
      git('merge', '-q', '--no-ff', '-m', 'merge', 'work')
      git('branch', '-q', '-D', 'work')
      return git('rev-parse', 'HEAD')
    },
    /** The mirror as a host would hand it over now; `without`: it leaves out files larger than this. */
    mirror: (without?: string): void => {
      rmSync(folder.mirror, { recursive: true, force: true })
      git('config', 'uploadpack.allowFilter', 'true')
      const filter = without === undefined ? [] : [`--filter=blob:limit=${without}`]
      git('clone', '-q', '--bare', '--no-local', ...filter, `file://${work}`, folder.mirror)
    },
  }
}

/** Twenty lines, of which some are others: by number, the text or null for none. */
export function twentyLines(others: Record<number, string | null> = {}): string {
  return Array.from({ length: 20 }, (_, at) => (at + 1 in others ? others[at + 1] : `const line${at + 1} = ${at + 1}`))
    .filter((line) => line !== null)
    .map((line) => `${line}\n`)
    .join('')
}
