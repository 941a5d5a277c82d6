import type { Issue } from '../model/issue-tracker.ts'
import type { OnIssue } from './issues.ts'

/** Two lists of people every issue has: who voted for it and who watches it. */
export type Interest = 'voters' | 'watchers'

export function isInterested(issue: Issue, interest: Interest, uuid: string): boolean {
  return issue[interest].some((one) => one.uuid === uuid)
}

/** Voting or watching twice, or stopping when one never did, changes nothing. */
export function setInterest({ issue, actor }: OnIssue, interest: Interest, wanted: boolean): void {
  const others = issue[interest].filter((one) => one.uuid !== actor.uuid)
  issue[interest] = wanted ? [...others, actor] : others
}
