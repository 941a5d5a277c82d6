import { AppError } from '../lib/app-error.ts'
import { bitbucketDiscussions } from './bitbucket-discussions/index.ts'
import { bitbucketIssues } from './bitbucket-issues/index.ts'
import { jira } from './jira/index.ts'
import type { Tracker } from './tracker.ts'

/** Every defect tracker Weir knows; the order is the order people see. */
export const trackers: readonly Tracker[] = [bitbucketDiscussions, bitbucketIssues, jira]

export function findTracker(name: string): Tracker | undefined {
  return trackers.find((tracker) => tracker.name === name)
}

/** Throws `validation_failed` at a name nobody answers to. */
export function getTracker(name: string): Tracker {
  const tracker = findTracker(name)
  if (tracker !== undefined) return tracker
  const names = trackers.map((known) => known.name).join(', ')
  throw new AppError('validation_failed', `There is no tracker called ${name}. Known are: ${names}.`)
}
