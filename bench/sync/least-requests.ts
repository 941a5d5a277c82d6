/** Where an item is: a tracker, and for discussions what the thread hangs on. */
export type ItemPlaceName = 'discussions_pull_request' | 'discussions_commit' | 'issues' | 'jira'

export type LeastRequests = { create: number; comment: number; close: number; why: string }

/**
 * The least requests the APIs allow for one item, if nothing had to be looked up: no request here makes, says or closes
 * two things.
 */
export const leastRequests: Readonly<Record<ItemPlaceName, LeastRequests>> = {
  discussions_pull_request: {
    create: 2,
    comment: 1,
    close: 2,
    why: 'A thread and its task are two resources: each is made by a POST of its own, and closed by one (resolve the thread, PUT the task).',
  },
  discussions_commit: {
    create: 1,
    comment: 1,
    close: 0,
    why: 'A comment on a commit is one POST; it has neither a task nor a state, so that closing it asks for nothing but the words.',
  },
  issues: { create: 1, comment: 1, close: 1, why: 'An issue is one POST, a comment another, its state one PUT.' },
  jira: {
    create: 1,
    comment: 1,
    close: 2,
    why: 'A status is changed by a transition, whose id depends on where the issue stands: one GET for those offered, one POST to take it.',
  },
}
