import { needs } from '../auth/scopes.ts'
import type { Call, Endpoint } from '../call.ts'
import { type Interest, isInterested, setInterest } from '../operations/issue-interest.ts'
import { notFound } from '../simulator-error.ts'
import { actOnIssue, issueBase, trackerEndpoint } from './issue-call.ts'

function interestEndpoints(name: 'vote' | 'watch', interest: Interest): Endpoint[] {
  const path = `${issueBase}/${name}`
  const set = (wanted: boolean) => (call: Call) => {
    setInterest(actOnIssue(call), interest, wanted)
    return { status: 204 }
  }
  return [
    trackerEndpoint('GET', path, needs.readInterest, (call) => {
      const { issue, actor } = actOnIssue(call)
      if (isInterested(issue, interest, actor.uuid)) return { status: 204 }
      throw notFound(`You do not ${name === 'vote' ? 'vote for' : 'watch'} this issue.`)
    }),
    trackerEndpoint('PUT', path, needs.showInterest, set(true)),
    trackerEndpoint('DELETE', path, needs.dropInterest, set(false)),
  ]
}

export const issueInterestEndpoints: Endpoint[] = [
  ...interestEndpoints('vote', 'voters'),
  ...interestEndpoints('watch', 'watchers'),
]
