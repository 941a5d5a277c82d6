/** What is read of one repository, in the order in which it is read: what others refer to comes first. */
export const repositoryFeedKinds = ['environments', 'pull_requests', 'activity', 'pipelines', 'deployments'] as const

export type RepositoryFeedKind = (typeof repositoryFeedKinds)[number]

/** The same, and what is read of a workspace. `commits` is answered by a clone and takes no requests. */
export type FeedKind = RepositoryFeedKind | 'members'

/** Records a page of each kind holds. */
export const recordsPerPage: Readonly<Record<FeedKind, number>> = {
  environments: 100,
  pull_requests: 50,
  activity: 50,
  pipelines: 100,
  deployments: 100,
  members: 100,
}

/** Requests that a first read of a repository takes: never less than one page of each kind. */
export function fullReadRequests(counts: Readonly<Record<RepositoryFeedKind, number>>): number {
  return repositoryFeedKinds.reduce((sum, kind) => sum + Math.max(1, Math.ceil(counts[kind] / recordsPerPage[kind])), 0)
}

/** All that is read of a repository or a workspace, whoever answers it. */
export const allFeedKinds = ['members', ...repositoryFeedKinds, 'commits'] as const

/** What figures a listing is read for, to say what is lost without it. */
export const figuresOf: Readonly<Record<(typeof allFeedKinds)[number], string>> = {
  members: 'who of the workspace has not contributed yet',
  environments: 'which deployments are to production',
  pull_requests: 'all of flow, reviews and pull request health',
  activity: 'when pull requests were reviewed, approved and merged',
  pipelines: 'success and duration of pipelines',
  deployments: 'deployment frequency, lead time to production, failed deployments and recovery',
  commits: 'coding time, sizes, and which deployment brought a change',
}
