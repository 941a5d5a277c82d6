import { rename, rm } from 'node:fs/promises'
import { forgetUnpacking } from '../git/unpack-on-demand.ts'
import type { Repository } from '../model.ts'
import { fullName } from '../render/links.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import type { Acting } from './pull-requests.ts'

/** From one moment to the next, so that no git that still reads there sees half of it. */
async function removeFolder({ directory }: Repository): Promise<void> {
  await forgetUnpacking(directory)
  const gone = `${directory}.gone`
  // Nobody may ever have needed it.
  await rename(directory, gone).catch(() => undefined)
  await rm(gone, { recursive: true, force: true })
}

/** Forgets a repository for good: its hooks, tokens, running pipelines and git folder go with it; its forks stay, without parent. */
export async function deleteRepository(
  sim: Sim,
  { repository, actor }: Acting,
  redirectTo: string | undefined,
): Promise<void> {
  sim.repositories = sim.repositories.filter((one) => one !== repository)
  raiseEvent(sim, { event: 'repo:deleted', repository, actor, payload: {} })
  sim.hooks = sim.hooks.filter(({ subject }) => subject.kind !== 'repository' || subject.repository !== repository)
  for (const credential of sim.credentials)
    if (credential.resource?.kind === 'repository' && credential.resource.uuid === repository.uuid)
      credential.revoked = true
  sim.pipelines.runs = sim.pipelines.runs.filter((one) => one.repository !== repository)
  sim.past.delete(repository.uuid)
  for (const fork of sim.repositories) if (fork.parent === repository) fork.parent = null
  if (redirectTo !== undefined) sim.movedRepositories.set(fullName(repository), redirectTo)
  await inGitQueue(sim, repository, async () => await removeFolder(repository))
  sim.gitQueues.delete(repository.uuid)
}
