import { listRefs } from '../git/refs.ts'
import { tryGit } from '../git/run-git.ts'
import type { Person, Project, Repository, Workspace } from '../model.ts'
import { badRequest } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { createRepository } from './create-repository.ts'
import { deleteRepository } from './delete-repository.ts'
import { adoptMainBranch } from './main-branch.ts'
import { toSlug } from './repositories.ts'

interface Import {
  workspace: Workspace
  project: Project
  actor: Person
  name: string
  url: string
}

/** Only what speaks HTTP is fetched from: a path would be a file of the machine the simulator runs on. */
const overHttpOnly = ['protocol.allow=never', 'protocol.http.allow=always', 'protocol.https.allow=always']

/** Who sends nothing for half a minute is given up. */
const notForEver = ['http.lowSpeedLimit=1', 'http.lowSpeedTime=30']

async function fetchAll(sim: Sim, { directory }: Repository, url: string): Promise<string | undefined> {
  const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']
  const options = [...overHttpOnly, ...notForEver].flatMap((option) => ['-c', option])
  const args = [...options, 'fetch', '--quiet', '--no-auto-gc', url, ...refs]
  const { code, stderr } = await tryGit(directory, args, { signal: sim.stopping.signal })
  return code === 0 ? undefined : stderr.trim()
}

/** Makes a repository with all branches and tags of another one, wherever that is. */
export async function importRepository(sim: Sim, wish: Import): Promise<Repository> {
  const { workspace, project, actor, name, url } = wish
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw badRequest('Bad request', { url: ['Enter the http or https address of a git repository.'] })
  const repository = await createRepository(
    sim,
    { workspace, project, slug: toSlug(name), actor },
    {
      name,
      description: undefined,
      isPrivate: true,
      hasIssues: undefined,
      language: undefined,
      website: undefined,
      forkPolicy: undefined,
      mainBranch: undefined,
    },
  )
  const problem = await fetchAll(sim, repository, url)
  if (problem !== undefined) {
    await deleteRepository(sim, { repository, actor }, undefined)
    throw badRequest(`This repository cannot be imported: ${problem}`)
  }
  await adoptMainBranch(repository, await listRefs(repository.directory))
  raiseEvent(sim, { event: 'repo:imported', repository, actor, payload: {} })
  return repository
}
