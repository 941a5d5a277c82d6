import { segment } from '../../lib/rest-client.ts'
import type { BitbucketOpening } from '../tracker.ts'
import type { Remote } from './schema.ts'

/** One repository, by its path in the API. */
export type DiscussionPlace = BitbucketOpening & { repositoryPath: string }

/** Path of the pull request or commit a thread hangs on. */
export function subjectPath(place: DiscussionPlace, remote: Remote): string {
  switch (remote.kind) {
    case 'pull_request':
      return `${place.repositoryPath}/pullrequests/${remote.pull_request}`
    case 'commit':
      return `${place.repositoryPath}/commit/${segment(remote.commit)}`
    default:
      return remote satisfies never
  }
}

/** Unique in the repository. Ids of comments on pull requests and on commits are counted apart. */
export function remoteIdOf(remote: Remote): string {
  switch (remote.kind) {
    case 'pull_request':
      return `pull_request:${remote.pull_request}:${remote.comment}`
    case 'commit':
      return `commit:${remote.comment}`
    default:
      return remote satisfies never
  }
}
