import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startLauncher, stopLauncher } from './git/launcher.ts'
import { gitText } from './git/run-git.ts'
import type { Simulator } from './simulator.ts'

/** A clone that a test works in, as one of the seeded people, with git itself as the client. */
export interface Clone {
  folder: string
  git: (...args: string[]) => Promise<string>
  /** Writes files, commits them and answers the hash. */
  commit: (message: string, files?: Record<string, string>) => Promise<string>
  close: () => Promise<void>
}

interface CloneOptions {
  slug: string
  username: string
  /** Further options of `git clone`. */
  options?: string[]
}

/** The address of a repository with credentials in it. */
export function remoteUrl(simulator: Simulator, slug: string, credentials: { user: string; password: string }): string {
  const { user, password } = credentials
  const url = new URL(`${simulator.web}/meadow-goods/${slug}.git`)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  return url.href
}

export async function openClone(simulator: Simulator, { slug, username, options = [] }: CloneOptions): Promise<Clone> {
  const person = simulator.users.find((one) => one.username === username)
  if (person === undefined) throw new Error(`nobody is called ${username}`)
  const home = await mkdtemp(join(tmpdir(), 'bitbucket-clone-'))
  const folder = join(home, 'work')
  const environment = {
    HOME: home,
    GIT_AUTHOR_NAME: person.display_name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.display_name,
    GIT_COMMITTER_EMAIL: person.email,
  }
  startLauncher(home)
  const git = async (...args: string[]) => await gitText(folder, args, { environment })
  const url = remoteUrl(simulator, slug, { user: 'x-bitbucket-api-token-auth', password: person.api_token })
  await mkdir(folder)
  await git('clone', '--quiet', ...options, url, folder)
  return {
    folder,
    git,
    commit: async (message, files = {}) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      }
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return (await git('rev-parse', 'HEAD')).trim()
    },
    close: async () => {
      await stopLauncher(home)
      await rm(home, { recursive: true, force: true })
    },
  }
}
