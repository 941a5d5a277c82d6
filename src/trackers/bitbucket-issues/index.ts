import type { BitbucketTracker } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { issueStates, remoteStateFor } from './issue-states.ts'
import { openIssues } from './issues.ts'
import { settings } from './schema.ts'

/**
 * Bitbucket's own issue tracker, on hosts that still have it. bitbucket.org removed it on 2026-08-20
 * (https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3071).
 */
export const bitbucketIssues: BitbucketTracker = {
  name: 'bitbucket-issues',
  title: 'Bitbucket issues',
  connectionKind: 'bitbucket',
  settings,
  capabilities: {
    comments: true,
    replies: false,
    states: true,
    files: true,
    links: true,
    webhookEvents: ['issue:created', 'issue:updated', 'issue:comment_created'],
  },
  requests: {
    create_defect: 1,
    push_state: 1,
    push_fields: 0,
    release_item: 2,
    create_comment: 1,
    update_comment: 1,
    delete_comment: 1,
  },
  hasState: () => true,
  wantedState,
  states: issueStates,
  nameState: remoteStateFor,
  describeAvailability: (repository) =>
    repository.hasIssues
      ? { available: true }
      : {
          available: false,
          reason:
            'This repository has no issue tracker. bitbucket.org removed its trackers on 2026-08-20; use Bitbucket discussions.',
        },
  open: openIssues,
  readTelling: () => null,
}
