import { segment } from '../../bitbucket/client.ts'
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
  const { repository } = input
  const base = `/repositories/${segment(repository.workspaceUuid)}/${segment(repository.remoteUuid)}`
  const place = { ...input, base }
  return {
    chooseTarget: (wish) => chooseTarget(place, wish),
    findItem: (wish) => findDiscussion(place, wish),
    createItem: (wish) => createDiscussion(place, wish),
    fetchItem: (item) => fetchDiscussion(place, remote.parse(item.remote)),
    pushState: ({ item, status }) => pushDiscussionState(place, remote.parse(item.remote), status),
    ...discussionComments(place),
    listChanges: (wish) => listDiscussionChanges(place, wish),
  }
}
