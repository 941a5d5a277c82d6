import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs } from './try-api.ts'
import { type Clone, openClone } from './try-git.ts'

/** A repository, and the fork of it that Tomas alone (and the owner of the workspace) may push to. */
export interface Stage {
  simulator: Simulator
  mara: Ask
  tomas: Ask
  clone: Clone
  /** Makes another fork. */
  fork: (name: string) => Promise<void>
  /** Pushes a branch with one commit to the fork, by git; answers the commit. */
  push: (branch: string, files: Record<string, string>) => Promise<string>
  /** Commits to a branch by the API: to one of the fork as Tomas, unless told otherwise. */
  commit: (branch: string, files: Record<string, string>, to?: { fullName: string; ask: Ask }) => Promise<void>
  /** Opens a pull request as Tomas and answers its path. */
  open: (branch: string, more?: object) => Promise<string>
  /** What a link of a pull request leads to. */
  follow: (path: string) => ReturnType<Ask>
  close: () => Promise<void>
}

export const forked = '/repositories/meadow-goods/storefront-api'
export const ownFork = 'meadow-goods/tomas-shop'

export function from(branch: string, full_name = ownFork) {
  return { branch: { name: branch }, repository: { full_name } }
}

async function allowForks(simulator: Simulator, mara: Ask): Promise<void> {
  const tomas = simulator.users.find(({ username }) => username === 'tomas-okoye')
  const labs = '/workspaces/meadow-goods/projects/LABS'
  await mara('PUT', labs, { key: 'LABS', name: 'Labs' })
  await mara('PUT', `${labs}/permissions-config/users/${tomas?.uuid ?? ''}`, { permission: 'create-repo' })
}

async function succeed(asked: ReturnType<Ask>): ReturnType<Ask> {
  const reply = await asked
  if (reply.status >= 400) throw new Error(`${reply.status} ${reply.text}`)
  return reply
}

export async function openForkStage(): Promise<Stage> {
  const simulator = await startSimulator({ repositories: 0 })
  const [mara, tomas] = [askAs(simulator, 'mara-lind'), askAs(simulator, 'tomas-okoye')]
  await allowForks(simulator, mara)
  const fork = async (name: string) => {
    await succeed(tomas('POST', `${forked}/forks`, { name, project: { key: 'LABS' } }))
  }
  await fork('tomas-shop')
  const clone = await openClone(simulator, { slug: 'tomas-shop', username: 'tomas-okoye' })
  return {
    simulator,
    mara,
    tomas,
    clone,
    fork,
    push: async (branch, files) => {
      await clone.git('checkout', '--quiet', '-B', branch, 'origin/main')
      const hash = await clone.commit(`Change ${branch}`, files)
      await clone.git('push', '--quiet', '--force', 'origin', branch)
      return hash
    },
    commit: async (branch, files, { fullName, ask } = { fullName: ownFork, ask: tomas }) => {
      const form = new URLSearchParams({ branch, message: `More of ${branch}` })
      for (const [path, text] of Object.entries(files)) form.append(`/${path}`, text)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      await succeed(ask('POST', `/repositories/${fullName}/src`, form.toString(), headers))
    },
    open: async (branch, more = {}) => {
      const body = { title: branch, source: from(branch), ...more }
      return `${forked}/pullrequests/${String((await succeed(tomas('POST', `${forked}/pullrequests`, body))).at('id'))}`
    },
    follow: async (path) => await mara('GET', (await mara('GET', path)).headers.get('location') ?? ''),
    close: async () => {
      await clone.close()
      await simulator.close()
    },
  }
}
