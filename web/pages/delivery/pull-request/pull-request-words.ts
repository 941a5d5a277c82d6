import type { PersonOfPullRequest, PullRequestDetails } from '../../../../contract/delivery/pull-requests.ts'
import { toWords } from '../../../ui/words.ts'

type Event = PullRequestDetails['events'][number]

/** Somebody by name, or, where nobody is shown alone, by what they were here: `reviewer 2`. */
export function personWords({ role, number, name }: PersonOfPullRequest): string {
  if (name !== null) return name
  switch (role) {
    case 'author':
      return 'its author'
    case 'reviewer':
      return `reviewer ${number ?? ''}`.trim()
    case 'other':
      return `somebody else (${number ?? ''})`
    case 'program':
      return 'a program'
    case 'unknown':
      return 'somebody Bitbucket no longer names'
    default:
      return role satisfies never
  }
}

const reasons: Record<string, string> = {
  bot_author: 'a program opened it.',
  negative_span: 'it ended before it began, by what was told of it.',
}

/** Why it is left out: one of our words, or the sentence of whoever decided it. */
export function leftOutWords(reason: string): string {
  return reasons[reason] ?? reason
}

const eventNames: Record<string, string> = {
  opened: 'Opened',
  ready: 'Ready for review',
  drafted: 'Made a draft',
  commit_pushed: 'Commits pushed',
  comment: 'Comment',
  task: 'Task',
  approval: 'Approved',
  approval_removed: 'Approval taken back',
  changes_requested: 'Changes requested',
  changes_request_removed: 'Request for changes taken back',
  merged: 'Merged',
  declined: 'Declined',
  superseded: 'Superseded',
  reopened: 'Opened again',
  edited: 'Edited',
}

export function eventName({ kind }: Pick<Event, 'kind'>): string {
  return eventNames[kind] ?? toWords(kind)
}

const notCounted: Record<NonNullable<Event['not_counted']>, string> = {
  own: 'No review: by its author',
  program: 'No review: by a program',
  unknown: 'No review: nobody knows by whom',
  deleted: 'No review: it was deleted',
  after_end: 'No review: after the end',
}

/** Why an event is no review; nothing where it is one, or could not be. */
export function notCountedWords({ not_counted: reason }: Pick<Event, 'not_counted'>): string | undefined {
  return reason === null ? undefined : notCounted[reason]
}

export const phaseNames: Record<PullRequestDetails['phases'][number]['key'], string> = {
  coding_time: 'Coding',
  pickup_time: 'Waiting for review',
  review_time: 'Review',
  merge_wait: 'Waiting for merge',
  deploy_time: 'Waiting for production',
}
