import { inVisibleRepository, repositoryPathOf } from '../../bitbucket/require-visible-repository.ts'
import type { BitbucketOpening, BitbucketTracker, OpenTracker } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { chooseTarget } from './choose-target.ts'
import { discussionComments } from './discussion-comments.ts'
import { createDiscussion, fetchDiscussion, findDiscussion } from './discussion-items.ts'
import { listDiscussionChanges } from './list-discussion-changes.ts'
import { pushDiscussionState } from './push-discussion-state.ts'
import { remote, settings } from './schema.ts'
import { whoSetDiscussionState } from './who-set-state.ts'

/** Comment threads on pull requests and commits: what bitbucket.org has for a conversation since its issue tracker went. */
export const bitbucketDiscussions: BitbucketTracker = {
  name: 'bitbucket-discussions',
  title: 'Bitbucket discussions',
  connectionKind: 'bitbucket',
  settings,
  capabilities: {
    comments: true,
    replies: true,
    states: true,
    files: false,
    links: false,
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
  // A thread and its task are made and closed one by one.
  requests: {
    create_defect: 2,
    push_state: 2,
    push_fields: 0,
    release_item: 0,
    create_comment: 1,
    update_comment: 1,
    delete_comment: 1,
  },
  hasState: (given) => remote.parse(given).kind === 'pull_request',
  wantedState,
  states: [
    { name: 'open', state: 'open' },
    { name: 'resolved', state: 'closed' },
  ],
  nameState: (status) => (wantedState(status) === 'closed' ? 'resolved' : 'open'),
  describeAvailability: () => ({ available: true }),
  open: openDiscussions,
  readTelling: (given) => {
    const asked = settings.parse(given)
    return {
      report: asked.commit_report ?? true,
      status: asked.build_status ?? 'informs',
      summary: asked.pull_request_summary ?? true,
      threadsAtMost: asked.threads_at_most ?? 10,
      sendsCode: asked.send_code ?? null,
    }
  },
}

function openDiscussions(input: BitbucketOpening): OpenTracker {
  const place = { ...input, repositoryPath: repositoryPathOf(input.repository) }
  return {
    chooseTarget: (wish) => inVisibleRepository(place, () => chooseTarget(place, wish)),
    findItem: (wish) => inVisibleRepository(place, () => findDiscussion(place, wish)),
    createItem: (wish) => inVisibleRepository(place, () => createDiscussion(place, wish)),
    fetchItem: (item) => fetchDiscussion(place, remote.parse(item.remote)),
    pushState: ({ item, status, wish }) =>
      pushDiscussionState(place, remote.parse(item.remote), wish?.state ?? wantedState(status)),
    whoSetState: (item) => inVisibleRepository(place, () => whoSetDiscussionState(place, remote.parse(item.remote))),
    ...discussionComments(place),
    files: null,
    fields: null,
    links: null,
    listChanges: (wish) => inVisibleRepository(place, () => listDiscussionChanges(place, wish)),
  }
}
