import { inVisibleRepository, repositoryPathOf } from '../../bitbucket/require-visible-repository.ts'
import type { OpenTracker, OpenTrackerInput, Tracker } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { chooseTarget } from './choose-target.ts'
import { discussionComments } from './discussion-comments.ts'
import { createDiscussion, fetchDiscussion, findDiscussion } from './discussion-items.ts'
import { listDiscussionChanges } from './list-discussion-changes.ts'
import { pushDiscussionState } from './push-discussion-state.ts'
import { remote, settings } from './schema.ts'

/** Comment threads on pull requests and commits: what bitbucket.org has for a conversation since its issue tracker went. */
export const bitbucketDiscussions: Tracker = {
  name: 'bitbucket-discussions',
  title: 'Bitbucket discussions',
  connectionKind: 'bitbucket',
  settings,
  capabilities: {
    comments: true,
    replies: true,
    states: true,
    webhookEvents: [
      'pullrequest:comment_created',
      'pullrequest:comment_updated',
      'pullrequest:comment_deleted',
      'pullrequest:comment_resolved',
      'pullrequest:comment_reopened',
      'pullrequest:updated',
      'repo:commit_comment_created',
    ],
  },
  wantedState,
  describeAvailability: () => ({ available: true }),
  open: openDiscussions,
}

function openDiscussions(input: OpenTrackerInput): OpenTracker {
  const place = { ...input, repositoryPath: repositoryPathOf(input.repository) }
  return {
    chooseTarget: (wish) => inVisibleRepository(place, () => chooseTarget(place, wish)),
    findItem: (wish) => inVisibleRepository(place, () => findDiscussion(place, wish)),
    createItem: (wish) => inVisibleRepository(place, () => createDiscussion(place, wish)),
    fetchItem: (item) => fetchDiscussion(place, remote.parse(item.remote)),
    pushState: ({ item, status }) => pushDiscussionState(place, remote.parse(item.remote), status),
    ...discussionComments(place),
    listChanges: (wish) => inVisibleRepository(place, () => listDiscussionChanges(place, wish)),
  }
}
