import type { Simulator } from '../simulators/bitbucket/simulator.ts'

/** Takes an item with all that was said in it out of a simulated Bitbucket, by the id Weir knows it by; nobody is told. */
export function removeItem({ sim }: Pick<Simulator, 'sim'>, remoteId: string): void {
  const repository = sim.repositories.find(({ slug }) => slug === 'storefront-api')
  if (repository === undefined) throw new Error('The simulator has other seeds than this test.')
  const [kind, ...parts] = remoteId.split(':')
  const isElsewhere = (one: { id: number; parentId: number | null }) =>
    String(one.id) !== parts.at(-1) && String(one.parentId) !== parts.at(-1)
  if (kind === 'commit') repository.commitComments = repository.commitComments.filter(isElsewhere)
  else if (kind !== 'pull_request') repository.issues = repository.issues.filter(({ id }) => String(id) !== remoteId)
  for (const pull of repository.pullRequests)
    if (kind === 'pull_request' && String(pull.id) === parts[0]) pull.comments = pull.comments.filter(isElsewhere)
}
