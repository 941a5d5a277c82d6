import type { Simulator } from '../simulators/bitbucket/simulator.ts'

/**
 * Takes our account's access to storefront-api away, as an administrator at Bitbucket does: every path of it then
 * answers 404. Answers how to give it back.
 */
export function hideRepository({ sim, switches }: Simulator, accountUuid: string): () => void {
  const me = sim.workspaces[0]?.members.find(({ person }) => person.uuid === accountUuid)
  const repository = sim.repositories.find((one) => one.slug === 'storefront-api')
  if (me === undefined || repository === undefined) throw new Error('The simulator has other seeds than this test.')
  switches.hiddenRepositoryStatus = 404
  me.role = 'member'
  repository.permissions.delete(accountUuid)
  return () => {
    me.role = 'owner'
  }
}
