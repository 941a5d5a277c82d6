import type { Simulator } from '../simulators/bitbucket/simulator.ts'

type Repository = Simulator['sim']['repositories'][number]

/** A repository of the simulator with its pull requests copied until there are `count`, so that lists have several pages. */
export function fillRepository(simulator: Pick<Simulator, 'sim'>, slug: string, count: number): Repository {
  const repository = simulator.sim.repositories.find((one) => one.slug === slug)
  const pattern = repository?.pullRequests.find(({ state }) => state === 'MERGED') ?? repository?.pullRequests[0]
  if (repository === undefined || pattern === undefined) throw new Error(`There is nothing to copy in ${slug}.`)
  for (let id = repository.pullRequests.length + 1; id <= count; id++) {
    const at = new Date(Date.UTC(2026, 0, 1) + id * 3_600_000).toISOString().replace('Z', '000+00:00')
    const comments = pattern.comments.map((comment) => ({ ...comment, id: comment.id + id * 1000, createdOn: at }))
    const activity = pattern.activity.map((one) => ({
      ...one,
      date: at,
      ...(one.kind === 'comment' && { commentId: one.commentId + id * 1000 }),
    }))
    repository.pullRequests.push({ ...pattern, id, comments, activity, createdOn: at, updatedOn: at })
  }
  return repository
}
