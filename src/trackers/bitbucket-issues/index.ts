import type { Tracker } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { openIssues } from './issues.ts'
import { settings } from './schema.ts'

/**
 * Bitbucket's own issue tracker, on hosts that still have it. bitbucket.org removed it on 2026-08-20
 * (https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3071).
 */
export const bitbucketIssues: Tracker = {
  name: 'bitbucket-issues',
  title: 'Bitbucket issues',
  connectionKind: 'bitbucket',
  settings,
  capabilities: {
    comments: true,
    replies: false,
    states: true,
    webhookEvents: ['issue:created', 'issue:updated', 'issue:comment_created'],
  },
  wantedState,
  describeAvailability: (repository) =>
    repository.hasIssues
      ? { available: true }
      : {
          available: false,
          reason:
            'This repository has no issue tracker. bitbucket.org removed its trackers on 2026-08-20; use Bitbucket discussions.',
        },
  open: openIssues,
}
