import { rm } from 'node:fs/promises'
import { fullName } from '../render/links.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import type { Acting } from './pull-requests.ts'

/** Forgets a repository for good: its hooks, its tokens and its git folder go with it; its forks stay, without parent. */
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
  for (const fork of sim.repositories) if (fork.parent === repository) fork.parent = null
  if (redirectTo !== undefined) sim.movedRepositories.set(fullName(repository), redirectTo)
  await inGitQueue(sim, repository, async () => await rm(repository.directory, { recursive: true, force: true }))
  sim.gitQueues.delete(repository.uuid)
}
